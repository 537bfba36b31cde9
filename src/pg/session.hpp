// The role and the settings under which code runs. These functions have no destructors: when a body throws, the rollback that must
// follow restores the user and the settings.
#pragma once

#include <string>

#include "pg/callers.hpp"
#include "pg/extension.hpp"
#include "pg/pinned_settings.hpp"

namespace datasurface::pg {

Scope enter_role(unsigned int role);
void leave(const Scope &outer);

// Throws 42704 when there is no such role.
unsigned int role_id(const std::string &name);

// May `member` become `role`, as a member of it, directly or not, or as a superuser? False when either does not exist.
bool is_member(const std::string &member, const std::string &role);
// Has `member` the rights of `role`, or can it become that role? Being a member with neither is not enough (16 and later).
bool can_act_for(const std::string &member, const std::string &role);
bool is_superuser(const std::string &name);
bool role_exists(const std::string &name);

// Runs body under the pinned settings, see pinned_settings.hpp.
template <class Body>
void with_pinned_settings(Body &&body)
{
    Scope const outer = enter_pinned_settings();
    body();
    leave(outer);
}

// Runs body with the rights of a role, in a security-restricted operation. Settings that the role's own code
// (triggers, index expressions) changes are put back at the end.
template <class Body>
void as_role(const std::string &name, Body &&body)
{
    Scope const outer = enter_role(role_id(name));
    body();
    leave(outer);
}

// Runs body as a call of ours: as the extension's owner, who may read and write the catalogs. The guard decides which code of other
// roles may run meanwhile.
template <class Body>
void as_extension_owner(Body &&body)
{
    begin_call();
    Scope const outer = enter_role(extension_owner());
    with_pinned_settings(body);
    leave(outer);
    end_call();
}

// Sets lock_timeout until the surrounding scope is left. milliseconds
void set_lock_timeout(int milliseconds);

// Until the surrounding scope is left, statements are planned for few rows: they find them by indexes, whatever the statistics
// say. While tables are made, the statistics of the system's catalogs are of before; and a plan that reads a whole catalog takes as
// long for one dataset as for all of them. Plans are not made again for other arguments: that took longer than what they do.
// Functions that return rows of a table are not looked into when they are made: the session would keep the type of the table for good,
// and look through all that it keeps at each change of a table. Their SELECT is still analysed.
void plan_for_few_rows();

// Throws 25000 in REPEATABLE READ and SERIALIZABLE: their snapshot may be older than the stream's lock.
void require_read_committed();

// Unlogged tables cannot be read there.
bool on_standby();

// Throws 25006 on a standby and in a read-only transaction. what: what cannot be done there, for the message. why: for DETAIL, of what
// people do not expect to write.
void require_writable(const std::string &what, const std::string &why = {});

// The current time, as text that timestamptz reads in any session. To be called under the pinned settings.
std::string clock_time();

// Raises a pending cancel or shutdown; for long loops in C++.
void check_interrupts();

// Sleeps for so many milliseconds. Raises a cancel or a shutdown.
void pause(int milliseconds);

// For procedures: the transaction ends here and the next begins. name: of the procedure. instead: what to call where it cannot be.
void begin_committing_procedure(bool atomic, const std::string &name, const std::string &instead);
void commit_and_go_on();
void end_committing_procedure();

// The session's caches of the system's catalogs, which grow with the tables that it has seen.
void empty_system_caches();

} // namespace datasurface::pg
