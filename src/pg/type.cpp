#include "pg/type.hpp"

#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"
#include "pg/savepoint.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"
}
#include "pg/compat.hpp"

namespace datasurface::pg {

namespace {

struct RawType { // plain, palloc'ed
    const char *name;
    const char *problem;
    const char *operator_schema;
    const char *operator_name;
    const char *operand;
    uint32 hashes[4]; // a type that consists of more types than these counts as composite
    int hash_count;
    bool depends_on_tables;
};

void find_equality(Oid type, RawType &raw)
{
    TypeCacheEntry const *const entry = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY | TYPECACHE_EQ_OPR);
    if (!OidIsValid(entry->btree_opf) || !OidIsValid(entry->eq_opr))
        return;
    HeapTuple const tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(entry->eq_opr));
    if (!HeapTupleIsValid(tuple))
        return;
    auto *const form = reinterpret_cast<Form_pg_operator>(GETSTRUCT(tuple));
    raw.operator_schema = to_utf8(get_namespace_name(form->oprnamespace));
    raw.operator_name = to_utf8(pstrdup(NameStr(form->oprname)));
    // a cast to the operator's own type makes the parser choose this operator and no other; a polymorphic one needs none
    if (form->oprleft != type && !IsPolymorphicType(form->oprleft))
        // as bpchar and "bit": character and bit alone would be those of one character and one bit
        raw.operand =
            to_utf8(format_type_extended(form->oprleft, -1, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY));
    ReleaseSysCache(tuple);
}

// The type that a domain or an array consists of; none for other types.
Oid type_within(Oid type)
{
    Oid const base = getBaseType(type);
    return base != type ? base : get_element_type(type);
}

void find_dependences(Oid type, RawType &raw)
{
    constexpr int most = sizeof raw.hashes / sizeof raw.hashes[0];
    for (; OidIsValid(type); type = type_within(type)) {
        raw.depends_on_tables = raw.hash_count == most || get_typtype(type) == TYPTYPE_COMPOSITE;
        if (raw.depends_on_tables)
            return;
        raw.hashes[raw.hash_count++] = GetSysCacheHashValue1(TYPEOID, ObjectIdGetDatum(type));
    }
}

RawType look_up(const char *name)
{
    RawType raw{};
    Oid type = InvalidOid;
    int32 modifier = -1;
    parse_type_string(name, &type, &modifier);
    if (get_typtype(type) == TYPTYPE_PSEUDO) {
        raw.problem = "a pseudo-type cannot be the type of a column";
        return raw;
    }
    raw.name = to_utf8(format_type_with_typemod(type, modifier));
    find_equality(type, raw);
    find_dependences(type, raw);
    return raw;
}

} // namespace

TypeLookup find_type(const std::string &name)
{
    TypeLookup lookup;
    RawType raw{};
    // what is no type raises, hence the savepoint
    std::optional<Error> const failure = savepoint([&] { raw = call([&] { return look_up(to_server(name)); }); });
    if (failure) {
        lookup.exists =
            failure->sqlstate != sqlstate::undefined_object && failure->sqlstate != sqlstate::undefined_schema;
        lookup.problem = failure->message;
        return lookup;
    }
    if (raw.problem != nullptr) {
        lookup.problem = raw.problem;
        return lookup;
    }
    lookup.type = shape::Type{raw.name, std::nullopt};
    lookup.hashes.assign(raw.hashes, raw.hashes + raw.hash_count);
    lookup.depends_on_tables = raw.depends_on_tables;
    if (raw.operator_name != nullptr)
        lookup.type->equality =
            shape::Equality{raw.operator_schema, raw.operator_name, raw.operand == nullptr ? "" : raw.operand};
    return lookup;
}

const TypeLookup &TypeCache::find(const std::string &name)
{
    auto const found = known_.find(name);
    if (found != known_.end())
        return found->second;
    return known_.emplace(name, find_type(name)).first->second;
}

} // namespace datasurface::pg
