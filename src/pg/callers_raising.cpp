#include "pg/callers_raising.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_authid.h"
#include "utils/acl.h"
#include "utils/syscache.h"
}

namespace datasurface::pg {

namespace {

// In TopTransactionContext, so a transaction's end needs no clean-up but to forget them.
struct UnderWay {
    UnderWay *outer;
    int nest_level; // of the transaction, in which the call began
    Oid user;       // at the call
};

UnderWay *innermost = nullptr;

void forget_at_end(XactEvent event, void *)
{
    if (event != XACT_EVENT_PRE_COMMIT && event != XACT_EVENT_PARALLEL_PRE_COMMIT && event != XACT_EVENT_PRE_PREPARE)
        innermost = nullptr;
}

void forget_at_rollback(SubXactEvent event, SubTransactionId, SubTransactionId, void *)
{
    if (event != SUBXACT_EVENT_ABORT_SUB)
        return;
    while (innermost != nullptr && innermost->nest_level >= GetCurrentTransactionNestLevel())
        innermost = innermost->outer;
}

void watch_transactions()
{
    static bool watching = false;
    if (watching)
        return;
    RegisterXactCallback(forget_at_end, nullptr);
    RegisterSubXactCallback(forget_at_rollback, nullptr);
    watching = true;
}

// What membership does not hand on.
struct Attributes {
    bool superuser, create_role, create_database, replication, bypass_row_security;
};

Attributes attributes_of(Oid role)
{
    HeapTuple const tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(role));
    if (!HeapTupleIsValid(tuple))
        return {};
    auto *const form = reinterpret_cast<Form_pg_authid>(GETSTRUCT(tuple));
    Attributes const attributes{superuser_arg(role), form->rolcreaterole, form->rolcreatedb, form->rolreplication,
                                form->rolbypassrls};
    ReleaseSysCache(tuple);
    return attributes;
}

bool within(const Attributes &some, const Attributes &all)
{
    return some.superuser <= all.superuser && some.create_role <= all.create_role &&
           some.create_database <= all.create_database && some.replication <= all.replication &&
           some.bypass_row_security <= all.bypass_row_security;
}

} // namespace

void push_call()
{
    watch_transactions();
    auto *const under_way = static_cast<UnderWay *>(MemoryContextAlloc(TopTransactionContext, sizeof(UnderWay)));
    *under_way = {innermost, GetCurrentTransactionNestLevel(), GetUserId()};
    innermost = under_way;
}

void pop_call()
{
    UnderWay *const ended = innermost;
    innermost = ended->outer;
    pfree(ended);
}

unsigned int calling_user()
{
    return innermost->user;
}

bool call_is_under_way() noexcept
{
    return innermost != nullptr;
}

bool has_all_rights_of(unsigned int role, unsigned int user)
{
    if (role == user || superuser_arg(role))
        return true;
    return has_privs_of_role(role, user) && member_can_set_role(role, user) &&
           within(attributes_of(user), attributes_of(role));
}

unsigned int user_with_more_rights(unsigned int role)
{
    for (Oid const user : {GetAuthenticatedUserId(), GetSessionUserId()})
        if (!has_all_rights_of(role, user))
            return user;
    for (const UnderWay *under_way = innermost; under_way != nullptr; under_way = under_way->outer)
        if (!has_all_rights_of(role, under_way->user))
            return under_way->user;
    return InvalidOid;
}

} // namespace datasurface::pg
