// Where problems are gathered, and how the places in a document are named.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/types.hpp"

namespace datasurface::model {

// A place in the document as RFC 6901 writes it; empty is the whole document. A long one is cut, and its text says so: only
// members that no model has are so long.
class Pointer {
public:
    Pointer &operator/=(std::string_view member);
    Pointer operator/(std::string_view member) const { return Pointer(*this) /= member; }
    Pointer operator/(std::size_t index) const { return *this / std::string_view(std::to_string(index)); }
    const std::string &text() const { return path; }
    bool is_cut() const { return cut_off; }

private:
    std::string path;
    bool cut_off = false;
};

// Gathers problems up to a bound, so that a hostile document cannot make us hold more than it holds itself.
class Report {
public:
    void error(const Pointer &at, std::string_view code, std::string message, std::string hint = {});
    void warning(const Pointer &at, std::string_view code, std::string message, std::string hint = {});

    void add(Problem problem);

    // True when no further error is taken: going on is of no use.
    bool full() const { return errors.full(); }
    bool takes(Severity severity) const { return !(severity == Severity::error ? errors : warnings).full(); }

    // A hint that names the candidate closest to what was written, or nothing. Only the first problems get one:
    // comparing takes time, and a hostile document may ask for it often.
    std::string perhaps(std::string_view written, const std::vector<std::string_view> &candidates);
    bool still_hints() const { return hinted < most_hinted; }

    // The problems; where the bound was reached, the last one says so.
    Problems take();

private:
    static constexpr std::size_t most_hinted = 100;

    struct Tally {
        std::size_t told = 0;
        std::size_t bytes = 0;

        bool full() const;
    };

    void add_end(const Tally &tally, Severity severity);

    Problems problems;
    Tally errors;
    Tally warnings;
    std::size_t hinted = 0; // how often a hint was looked for
};

} // namespace datasurface::model
