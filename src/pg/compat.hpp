// What differs between the majors, each named like the newest core function it stands for. PG_VERSION_NUM is said here only.
#pragma once

extern "C" {
#include "postgres.h"

#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_type.h"
#include "parser/parser.h"
#include "utils/acl.h"
}

namespace datasurface::pg {

// 16 tells being a member from being allowed to become the role; before, the one was the other.
inline bool member_can_set_role(Oid member, Oid role)
{
#if PG_VERSION_NUM >= 160000
    return ::member_can_set_role(member, role);
#else
    return is_member_of_role(member, role);
#endif
}

// 16 turned missing_ok into an error context; without either, every major raises for what is no type, in the same words.
inline void parse_type_string(const char *name, Oid *type, int32 *modifier)
{
#if PG_VERSION_NUM >= 160000
    (void)parseTypeString(name, type, modifier, nullptr);
#else
    parseTypeString(name, type, modifier, false);
#endif
}

// 16 took the function pointer's (void) arguments away; C++ wants the exact type of each major.
inline bool walk_raw_expression(Node *node, bool (*walker)(Node *, void *), void *context)
{
#if PG_VERSION_NUM >= 160000
    return raw_expression_tree_walker(node, walker, context);
#else
    return raw_expression_tree_walker(node, reinterpret_cast<bool (*)()>(reinterpret_cast<void *>(walker)), context);
#endif
}

} // namespace datasurface::pg
