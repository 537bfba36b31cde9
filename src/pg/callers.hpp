// Who is behind a call of ours: the user at the call, the session's user, and the one who was authenticated. What runs in
// the session runs with all three at hand: a role set aside by SET ROLE comes back with RESET ROLE.
#pragma once

#include <string>

namespace datasurface::pg {

// Every call of ours begins and ends with these. A call within a call (a trigger of a batch that calls us) is below it.
// A rollback of the transaction, or of the savepoint that a call began in, ends it too.
void begin_call();
void end_call();

// The role that called us, of the innermost call.
std::string calling_role();

// For PostgreSQL's regime. None of these raises for a role that is gone.
bool call_is_under_way() noexcept;

// Has `role` every right that `user` has, or can get by SET ROLE?
bool has_all_rights_of(unsigned int role, unsigned int user);

// A user behind the calls under way who has rights that `role` lacks; 0 when there is none.
unsigned int user_with_more_rights(unsigned int role);

} // namespace datasurface::pg
