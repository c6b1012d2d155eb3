"""All Qt (Widgets): it draws Snapshots and posts Commands, and decides nothing.

Imports of app only: agent, health, content, policy, domain.
"""
