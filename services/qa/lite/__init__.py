"""The lifeline: a session's questions as plain pages of text, without script and without a socket, for a thin line or an old browser.

Who comes here may do what the room page lets them do. The pass lies in a cookie that registration renews by a redirect; what is typed
stands on a page of its own that nothing renews, and comes back with every refusal.
"""
