"""The doctor's findings, each with what it means; on simulated desktops."""
