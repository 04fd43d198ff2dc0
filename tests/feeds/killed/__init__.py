"""The whole project with patient polls, so that its workers can be killed again and again while they poll."""
