# One image for every process of compose.yaml: web, worker, Slack. See docs/growing.md.
FROM python:3.11-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false \
    ANONYMIZED_TELEMETRY=False HF_HUB_OFFLINE=1
WORKDIR /opt/greenroom

# What is installed changes seldom, the code often: two layers. TORCH_INDEX: PyTorch's own CPU index makes it 1.5 GB smaller.
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
ARG TORCH_INDEX=
RUN python -m venv /opt/venv \
 && if [ -n "$TORCH_INDEX" ]; then /opt/venv/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX" torch==2.13.0; fi \
 && mkdir core prompts memory media models tools publishing agent app evals \
 && /opt/venv/bin/pip install --no-cache-dir -c constraints.txt -e ".[postgres,s3]"
COPY . .

# The embedding model is exported once, here; nothing is downloaded when it runs.
ENV GREENROOM_CACHE=/opt/cache GREENROOM_HOME=/data PATH=/opt/venv/bin:$PATH
RUN python -m memory.embedding.export \
 && useradd --uid 10001 --create-home greenroom \
 && mkdir /data && chown greenroom /data /opt/cache
USER greenroom
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/health'), timeout=8)"]
ENTRYPOINT ["greenroom"]
CMD ["serve", "--host", "0.0.0.0", "--no-worker"]
