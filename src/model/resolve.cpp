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
std::shared_ptr<Rules> of_dataset(const Rules &outer, const Dataset &dataset)
{
    auto rules = std::make_shared<Rules>(within(outer, dataset.rules.get()));
    if (dataset.rules) {
        rules->checks = dataset.rules->checks;
        rules->references = dataset.rules->references;
    }
    if (dataset.duplicate_keys == DuplicateKeys::error)
        turn_off(rules->brakes.surplus);
    if (dataset.ingestion != Ingestion::push)
        return rules;
    turn_off(rules->brakes.empty);
    if (!rules->says_when_held)
        rules->when_held = WhenHeld::wait;
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
            std::shared_ptr<Rules> const own = of_dataset(rules, dataset);
            refer_to_keys(own->references, by_name);
            dataset.rules = own;
            continue;
        }
        std::shared_ptr<const Rules> &same = shared[(dataset.ingestion == Ingestion::push ? 2U : 0U) +
                                                    (dataset.duplicate_keys == DuplicateKeys::last ? 1U : 0U)];
        if (!same)
            same = of_dataset(rules, dataset);
        dataset.rules = same;
    }
}

void resolve(Dataset &dataset)
{
    dataset.rules = of_dataset(built_in(), dataset);
}

} // namespace datasurface::model
