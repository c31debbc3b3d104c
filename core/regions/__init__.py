"""Connected differences."""
