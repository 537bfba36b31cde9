#include "model/resolve.hpp"

#include <array>
#include <map>
#include <string_view>

namespace datasurface::model {

namespace {

Rules built_in()
{
    Rules rules;
    rules.brakes.deletes.action = Action::hold;
    rules.brakes.deletes.rows = 1000;
    rules.brakes.deletes.percent = 30;
    rules.brakes.empty.action = Action::hold;
    rules.brakes.empty.rows = 100;
    return rules;
}

// A brake that is said keeps nothing of the outer one.
Rules within(Rules outer, const Rules *inner)
{
    outer.says_when_held = inner != nullptr && inner->says_when_held;
    if (outer.says_when_held)
        outer.when_held = inner->when_held;
    for (const NamedBrake &one : all_brakes) {
        Brake &brake = outer.brakes.*one.brake;
        brake.is_said = inner != nullptr && (inner->brakes.*one.brake).is_said;
        if (brake.is_said)
            brake = inner->brakes.*one.brake;
    }
    return outer;
}

void turn_off(Brake &brake)
{
    if (!brake.is_said)
        brake = Brake();
}

// What an outer level says leaves out the datasets that it makes no sense for. What a dataset says itself is left to lint.
Rules of_dataset(const Rules &outer, const Rules *own, const Dataset &dataset)
{
    Rules rules = within(outer, own);
    if (own != nullptr) {
        rules.checks = own->checks;
        rules.references = own->references;
    }
    if (dataset.duplicate_keys == DuplicateKeys::error)
        turn_off(rules.brakes.surplus);
    if (dataset.ingestion != Ingestion::push)
        return rules;
    turn_off(rules.brakes.empty);
    if (!rules.says_when_held)
        rules.when_held = WhenHeld::wait;
    return rules;
}

using ByName = std::map<std::string_view, const Dataset *>;

void refer_to_keys(std::vector<Reference> &references, const ByName &datasets)
{
    for (Reference &reference : references) {
        auto const found = datasets.find(reference.dataset);
        if (reference.to.empty() && found != datasets.end())
            reference.to = found->second->primary_key;
    }
}

} // namespace

// Datasets that say nothing share their rules, because a document may have very many.
void resolve(Store &store, const Outer &outer)
{
    Rules const rules = within(within(built_in(), outer.model), outer.store);
    std::array<std::shared_ptr<const Rules>, 4> shared;
    ByName by_name;
    for (const Dataset &dataset : store.datasets)
        if (dataset.rules && !dataset.rules->references.empty()) {
            for (const Dataset &other : store.datasets)
                by_name.emplace(other.name, &other);
            break;
        }
    for (Dataset &dataset : store.datasets) {
        if (dataset.rules) {
            auto const own = std::make_shared<Rules>(of_dataset(rules, dataset.rules.get(), dataset));
            refer_to_keys(own->references, by_name);
            dataset.rules = own;
            continue;
        }
        std::shared_ptr<const Rules> &same = shared[(dataset.ingestion == Ingestion::push ? 2U : 0U) +
                                                    (dataset.duplicate_keys == DuplicateKeys::last ? 1U : 0U)];
        if (!same)
            same = std::make_shared<Rules>(of_dataset(rules, nullptr, dataset));
        dataset.rules = same;
    }
}

void resolve(Dataset &dataset)
{
    dataset.rules = std::make_shared<Rules>(of_dataset(built_in(), dataset.rules.get(), dataset));
}

Rules built_in_rules(const Dataset &dataset)
{
    return of_dataset(built_in(), nullptr, dataset);
}

} // namespace datasurface::model
