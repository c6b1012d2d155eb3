"""Masking of personal data in typed text: pure functions from text to text, no clock, no file, no network.

Each kind of datum has its own module; nothing here knows forms, drafts or the journal. Loaded only when a form opens.
"""

from app.privacy.masking.api import mask, mask_draft, mask_fields
from app.privacy.masking.values import Kind, Masked, Span

__all__ = ["Kind", "Masked", "Span", "mask", "mask_draft", "mask_fields"]
