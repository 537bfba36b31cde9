#include "definition/check_rules.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "definition/try_condition.hpp"
#include "pg/context.hpp"
#include "pg/session.hpp"
#include "rights/facts.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::definition {

namespace {

using model::Severity;

const model::Column *find_column(const model::Dataset &dataset, const std::string &name)
{
    auto const found = std::find_if(dataset.columns.begin(), dataset.columns.end(),
                                    [&](const model::Column &column) { return column.name == name; });
    return found == dataset.columns.end() ? nullptr : &*found;
}

std::string without_modifier(const std::string &type)
{
    std::size_t const open = type.find('(');
    std::size_t const close = type.find(')');
    return open == std::string::npos || close < open ? type : type.substr(0, open) + type.substr(close + 1);
}

bool are_comparable(const pg::TypeLookup &one, const pg::TypeLookup &other)
{
    if (!one.type->equality || !other.type->equality)
        return false;
    const shape::Equality &a = *one.type->equality;
    const shape::Equality &b = *other.type->equality;
    bool const same_operand =
        a.operand.empty() ? without_modifier(one.type->name) == without_modifier(other.type->name) : true;
    return a.schema == b.schema && a.name == b.name && a.operand == b.operand && same_operand;
}

} // namespace

RuleTrial::RuleTrial(const model::Store &store, const std::string &caller)
    : owner_(store.owner), may_try_(pg::role_exists(store.owner) && rights::may_load_for(caller, store.owner))
{
    for (const model::Dataset &dataset : store.datasets)
        datasets_.emplace(dataset.name, &dataset);
}

// Each value is looked up by the equality of its type, so both types need the same one.
void RuleTrial::check_reference(model::Report &problems, const model::Dataset &dataset,
                                const model::Reference &reference, const std::string &pointer, pg::TypeCache &types)
{
    auto const other = datasets_.find(reference.dataset);
    if (other == datasets_.end())
        return; // told by lint
    for (std::size_t i = 0; i < reference.columns.size() && i < reference.to.size(); ++i) {
        const model::Column *const from = find_column(dataset, reference.columns[i]);
        const model::Column *const to = find_column(*other->second, reference.to[i]);
        if (from == nullptr || to == nullptr)
            continue;
        const pg::TypeLookup &one = types.find(from->type);
        const pg::TypeLookup &two = types.find(to->type);
        if (one.type && two.type && !are_comparable(one, two))
            problems.add({Severity::error, pointer + "/columns/" + std::to_string(i), "reference_type",
                          "column " + shown(from->name) + " of type " + one.type->name + " cannot refer to column " +
                              shown(to->name) + " of type " + two.type->name,
                          "Give both the same type, one that can be part of a key."});
    }
}

void RuleTrial::check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                      pg::TypeCache &types)
{
    if (!dataset.rules)
        return;
    for (std::size_t i = 0; i < dataset.rules->checks.size() && !problems.full(); ++i) {
        const model::Check &check = dataset.rules->checks[i];
        if (!check.condition.empty())
            pg::with_context("validation of check \"" + check.name + "\" of dataset \"" + dataset.name + "\"", [&] {
                try_condition(problems, dataset, check.condition,
                              {pointer + "/checks/" + std::to_string(i) + "/condition", "the condition",
                               may_try_ ? owner_ : "", false},
                              types);
            });
        pg::check_interrupts();
    }
    for (std::size_t i = 0; i < dataset.rules->references.size() && !problems.full(); ++i)
        check_reference(problems, dataset, dataset.rules->references[i], pointer + "/references/" + std::to_string(i),
                        types);
}

} // namespace datasurface::definition
