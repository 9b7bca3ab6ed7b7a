"""The chat page as a person uses it: opened, spoken to, gone through by keys."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

SENT = """() => { const box = document.querySelector('#chat-input'); return !(box.value ?? box.innerText).trim() }"""
STILL = """() => {
  const seen = `${document.querySelectorAll('.gr-card').length} ${document.body.scrollHeight}`
  const kept = window.stillSince
  if (kept?.seen !== seen) window.stillSince = { seen, at: performance.now() }
  return kept?.seen === seen && performance.now() - kept.at > 600
}"""


def open_chat(context: "BrowserContext", address: str) -> "Page":
    """Open the page and wait until what waits lies on it."""
    page = context.new_page()
    page.goto(f"{address}/chat")
    page.wait_for_selector("#chat-input")
    page.locator("#starters button:enabled, .gr-card").first.wait_for()  # no button at all says nothing of the line yet
    page.wait_for_function(STILL)  # cards come one by one, and a click on what moves hits nothing
    return page


def say(page: "Page", text: str) -> None:
    """Send a message as a person does, who sees that Enter does nothing while the page isn't connected."""
    page.locator("#chat-input").fill(text)
    page.locator("#chat-submit:enabled").wait_for()
    page.locator("#chat-input").press("Enter")
    page.wait_for_function(SENT)


def card(page: "Page", channel: str, state: str = "") -> "Locator":
    """Return the first card of a channel, in a state."""
    wanted = f'[data-state="{state}"]' if state else ""
    return page.locator(f'.gr-card[data-channel="{channel}"]{wanted}').first


def wait_for_cards(page: "Page", count: int) -> None:
    """Wait until so many cards lie there: they come one by one."""
    page.wait_for_function(
        "count => document.querySelectorAll('.gr-card').length === count", arg=count, timeout=240_000
    )


def tab_to(page: "Page", proposal_id: str) -> None:
    """Go to a card as a person without a mouse does."""
    focused = "id => document.activeElement?.dataset?.proposal === id"
    for _ in range(200):
        if page.evaluate(focused, proposal_id):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to the card of {proposal_id}")
