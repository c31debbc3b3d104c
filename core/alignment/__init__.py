"""Estimators of how one picture lies on another."""
