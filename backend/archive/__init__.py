"""The archive 接诉即办工作档案 (Art. 27): files sealed, kept, played, and proved unchanged."""
