// Whether a query gives the columns that the dataset needs. They are taken by name.
#pragma once

#include <string>
#include <vector>

namespace datasurface::ingest {

struct Mismatch {
    std::string name;
    std::string given; // type of the query's column
    std::string wanted;
};

struct Fit {
    std::vector<std::string> given;   // all that the query gives
    std::vector<std::string> missing; // that the dataset has, and the query does not give
    std::vector<std::string> doubled; // that the dataset has, and the query gives more than once
    std::vector<std::string> unused;  // that the query gives, and the dataset does not have
    std::vector<int> unnamed;         // that the query gives without a name; counted from 1
    std::vector<Mismatch> mismatches; // that cannot be stored as the dataset's type; the caller adds them
};

Fit fit(const std::vector<std::string> &wanted, const std::vector<std::string> &given);

// A fault in words. `message` continues "the query", `why` follows after a colon.
struct Misfit {
    bool refused;         // by a batch too; otherwise only the load of the model reports it
    const char *sqlstate; // of a batch's error
    const char *code;     // of a model's problem
    bool harmless;        // a warning
    std::string message;
    std::string why;
    std::string hint;
};

std::vector<Misfit> misfits(const Fit &fit);

// has columns "a" and "b", which the dataset does not have
std::string has_more(const std::vector<std::string> &surplus);

} // namespace datasurface::ingest
