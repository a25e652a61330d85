"""Tests that start emulators, as those of ``tests/local`` do."""

from __future__ import annotations

from tests.local.conftest import emulators_start_warm as emulators_start_warm
