// Who is behind a call of ours: the user at the call, the session's user, and the authenticated user. Code that runs in the session
// can reach the rights of all three: RESET ROLE brings back a role that SET ROLE has set aside.
#pragma once

namespace datasurface::pg {

// As begin_call and end_call.
void push_call();
void pop_call();

// Of the innermost call.
unsigned int calling_user();

// None of these raises for a role that was dropped.
bool call_is_under_way() noexcept;

// Has `role` every right that `user` has, or can get by SET ROLE?
bool has_all_rights_of(unsigned int role, unsigned int user);

// A user behind the calls under way who has rights that `role` lacks; 0 when there is none.
unsigned int user_with_more_rights(unsigned int role);

} // namespace datasurface::pg
