"""Accounts: who is asking on the web. Without a login it is the one owner of this machine."""
