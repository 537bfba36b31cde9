// What keeps a bad batch from readers: brakes, checks of rows and references, as the model says them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datasurface::model {

enum class Action { off, warn, hold, fail }; // what a rule does that trips
enum class WhenHeld { replace, wait };       // replace: the next run of a pull pulls anew; wait: a person decides

// A threshold that is not given is not asked. One that is off has none.
struct Brake {
    Action action = Action::off;
    bool is_said = false; // at this level of the document; otherwise it is that of the level above
    std::optional<std::int64_t> rows;
    std::optional<double> percent;
    std::optional<double> factor;
};

struct Brakes {
    Brake deletes; // rows, percent of the rows that are there
    Brake changes; // rows inserted, updated or deleted; the same
    Brake empty;   // rows: a pull has no row, and the dataset has so many
    Brake rows;    // factor: more or fewer staged rows than the last batches had
    Brake surplus; // rows replaced by duplicates; percent of the staged rows
};

// A condition on each row that is inserted or updated. NULL passes.
struct Check {
    std::string name;
    std::string condition; // SQL, over the columns
    Action severity = Action::hold;
};

// Each row has a row of another dataset of the store, by equal columns. A row with a NULL in them passes.
struct Reference {
    std::string name;
    std::vector<std::string> columns;
    std::string dataset;
    std::vector<std::string> to; // its columns, one for each; its primary key unless the document says others
    Action severity = Action::hold;
};

// Of a dataset. The model and its stores say brakes and when_held too, for the datasets that do not.
struct Rules {
    Brakes brakes;
    WhenHeld when_held = WhenHeld::replace;
    bool says_when_held = false; // at this level of the document
    std::vector<Check> checks;
    std::vector<Reference> references;
};

constexpr std::string_view word(Action value)
{
    constexpr std::string_view words[] = {"off", "warn", "hold", "fail"};
    return words[static_cast<int>(value)];
}

constexpr std::string_view word(WhenHeld value)
{
    return value == WhenHeld::replace ? "replace" : "wait";
}

// A brake with its name in the document.
struct NamedBrake {
    std::string_view name;
    Brake Brakes::*brake;
};

inline constexpr NamedBrake all_brakes[] = {
    {"changes", &Brakes::changes}, {"deletes", &Brakes::deletes}, {"empty", &Brakes::empty},
    {"rows", &Brakes::rows},       {"surplus", &Brakes::surplus},
};

} // namespace datasurface::model
