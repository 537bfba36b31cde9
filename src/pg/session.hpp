// In whose name, and under which settings, something runs. No destructors here: when a body throws, the rollback that
// must follow puts the user and the settings back.
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

// Runs body under settings that make the same statement mean the same for every caller: search_path, DateStyle, TimeZone ...
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

// A call of ours: catalogs are read and written in the name of the extension's owner, and what others brought along runs only
// as far as the guard lets it.
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

// Throws 25000 in REPEATABLE READ and SERIALIZABLE: their snapshot may be older than the stream's lock.
void require_read_committed();

// Throws 25006 on a standby and in a read-only transaction. what: what cannot be done there, for the message.
void require_writable(const std::string &what);

// The time of now, as text that timestamptz reads in any session; under the pinned settings.
std::string clock_time();

// Lets a cancel or a shutdown through; for loops that stay in C++ for long.
void check_interrupts();

// Sleeps for so many milliseconds, or until a cancel or a shutdown is let through.
void pause(int milliseconds);

// For procedures: the transaction ends here and the next begins.
void begin_committing_procedure(bool atomic);
void commit_and_go_on();
void end_committing_procedure();

} // namespace datasurface::pg
