#include "pg/type_raising.hpp"

#include "pg/boundary.hpp"
#include "pg/compat.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"
}

namespace datasurface::pg {

namespace {

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

bool is_temporary(Oid type)
{
    bool temporary = false;
    for (; OidIsValid(type) && !temporary; type = type_within(type)) {
        HeapTuple const tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
        if (!HeapTupleIsValid(tuple))
            return false;
        temporary = isAnyTempNamespace(reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typnamespace);
        ReleaseSysCache(tuple);
    }
    return temporary;
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

// As ALTER TABLE ... ADD COLUMN decides.
bool rewrites_table(Oid type)
{
    if (get_typtype(type) != TYPTYPE_DOMAIN)
        return false;
    return DomainHasConstraints(type) || contain_volatile_functions(get_typdefault(type));
}

} // namespace

RawType look_up_type(const char *name)
{
    RawType raw{};
    Oid type = InvalidOid;
    int32 modifier = -1;
    parse_type_string(name, &type, &modifier);
    if (get_typtype(type) == TYPTYPE_PSEUDO) {
        raw.problem = "a pseudo-type cannot be the type of a column";
        return raw;
    }
    if (is_temporary(type)) {
        raw.problem = "a temporary type ends with its session";
        return raw;
    }
    raw.name = to_utf8(format_type_with_typemod(type, modifier));
    find_equality(type, raw);
    find_dependences(type, raw);
    raw.rewrites_table = rewrites_table(type);
    return raw;
}

void read_value(const char *type, char *text)
{
    Oid oid = InvalidOid, input = InvalidOid, parameter = InvalidOid;
    int32 modifier = -1;
    parse_type_string(type, &oid, &modifier);
    getTypeInputInfo(oid, &input, &parameter);
    (void)OidInputFunctionCall(input, text, parameter, modifier);
}

} // namespace datasurface::pg
