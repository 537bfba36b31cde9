#include "pg/session.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"
#include "pg/compat.hpp"
#include "pg/scope_raising.hpp"
#include "pg/spi.hpp"

extern "C" {
#include "access/xact.h"
#include "access/xlog.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"
}

namespace datasurface::pg {

Scope enter_role(unsigned int role)
{
    return call([&] {
        Scope const outer = open_scope();
        SetUserIdAndSecContext(role, outer.security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
        return outer;
    });
}

void leave(const Scope &outer)
{
    call([&] {
        // false, as at a rollback: this also undoes a plain SET by code that ran meanwhile; a commit would keep it
        AtEOXact_GUC(false, outer.nest_level);
        SetUserIdAndSecContext(outer.user, outer.security);
    });
}

unsigned int role_id(const std::string &name)
{
    Oid const role = call([&] { return get_role_oid(to_server(name), true); });
    if (role == InvalidOid)
        throw Error("42704", "role \"" + name + "\" does not exist", "A store or workspace of the model belongs to it.",
                    "Create the role again.");
    return role;
}

bool role_exists(const std::string &name)
{
    return call([&] { return get_role_oid(to_server(name), true); }) != InvalidOid;
}

bool is_member(const std::string &member, const std::string &role)
{
    return call([&] {
        Oid const member_id = get_role_oid(to_server(member), true);
        Oid const role_id = get_role_oid(to_server(role), true);
        return OidIsValid(member_id) && OidIsValid(role_id) && member_can_set_role(member_id, role_id);
    });
}

bool can_act_for(const std::string &member, const std::string &role)
{
    return call([&] {
        Oid const member_id = get_role_oid(to_server(member), true);
        Oid const role_id = get_role_oid(to_server(role), true);
        return OidIsValid(member_id) && OidIsValid(role_id) &&
               (has_privs_of_role(member_id, role_id) || member_can_set_role(member_id, role_id));
    });
}

bool is_superuser(const std::string &name)
{
    return call([&] {
        Oid const role = get_role_oid(to_server(name), true);
        return OidIsValid(role) && superuser_arg(role);
    });
}

void set_lock_timeout(int milliseconds)
{
    call([&] { set_in_scope("lock_timeout", psprintf("%d", milliseconds)); });
}

void plan_for_few_rows()
{
    call([] {
        for (const char *const setting : {"enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"})
            set_in_scope(setting, "off");
        set_in_scope("plan_cache_mode", "force_generic_plan");
        set_in_scope("check_function_bodies", "off");
    });
}

void require_read_committed()
{
    if (XactIsoLevel == XACT_READ_COMMITTED || XactIsoLevel == XACT_READ_UNCOMMITTED)
        return;
    throw Error(sqlstate::invalid_transaction_state, "datasurface needs isolation level READ COMMITTED",
                "The snapshot of this transaction may be older than the last batch or model, which it would not see.",
                "BEGIN ISOLATION LEVEL READ COMMITTED, or change default_transaction_isolation.");
}

bool on_standby()
{
    return call([] { return RecoveryInProgress(); });
}

void require_writable(const std::string &what, const std::string &why)
{
    if (on_standby())
        throw Error(sqlstate::read_only_transaction, "cannot " + what + " here: this server is a standby",
                    why.empty() ? "Nothing can be written on a standby." : why, "Call the primary.");
    if (XactReadOnly)
        throw Error(sqlstate::read_only_transaction, "cannot " + what + " in a read-only transaction",
                    why.empty() ? "This transaction must not write." : why,
                    "BEGIN READ WRITE, or change default_transaction_read_only.");
}

std::string clock_time()
{
    const char *const text = call([] {
        return DatumGetCString(DirectFunctionCall1(timestamptz_out, TimestampTzGetDatum(GetCurrentTimestamp())));
    });
    return text;
}

void check_interrupts()
{
    call([] { CHECK_FOR_INTERRUPTS(); });
}

void pause(int milliseconds)
{
    call([&] {
        (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, milliseconds, PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
    });
}

void begin_committing_procedure(bool atomic, const std::string &name, const std::string &instead)
{
    if (atomic)
        throw Error(sqlstate::invalid_transaction_termination,
                    name + " commits, and cannot run inside a transaction block",
                    "The commit would end the caller's transaction.",
                    "Call it with autocommit on, or call " + instead + ".");
    call([] { SPI_connect_ext(SPI_OPT_NONATOMIC); });
}

void commit_and_go_on()
{
    call([] { SPI_commit(); });
}

void end_committing_procedure()
{
    call([] { SPI_finish(); });
}

void empty_system_caches()
{
    call([] { InvalidateSystemCaches(); });
}

} // namespace datasurface::pg
