// Collects problems. Names places in a document.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/types.hpp"

namespace datasurface::model {

// A JSON pointer (RFC 6901) to a place in the document; empty: the whole document. A long pointer is cut, and its text says
// so. Only names of unknown members are that long.
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

// Collects problems up to a limit, so that a hostile document cannot use more memory than its own size.
class Report {
public:
    void error(const Pointer &at, std::string_view code, std::string message, std::string hint = {});
    void warning(const Pointer &at, std::string_view code, std::string message, std::string hint = {});

    void add(Problem problem);

    // True when the limit of errors is reached and further ones are dropped. Reading can stop.
    bool full() const { return errors.full(); }
    bool takes(Severity severity) const { return !(severity == Severity::error ? errors : warnings).full(); }

    // A hint that names the candidate closest to the text that was written, or nothing. Only the first problems get one:
    // comparing takes time, and a hostile document may need it often.
    std::string perhaps(std::string_view written, const std::vector<std::string_view> &candidates);
    bool still_hints() const { return hinted < most_hinted; }

    // Returns the problems. When a limit was reached, the last one says so.
    Problems take();

private:
    static constexpr std::size_t most_hinted = 100;

    struct Tally {
        std::size_t count = 0;
        std::size_t bytes = 0;

        bool full() const;
    };

    void add_end(const Tally &tally, Severity severity);

    Problems problems;
    Tally errors;
    Tally warnings;
    std::size_t hinted = 0; // searches for a hint
};

// Of a store or dataset whose rows are pushed.
void report_replaced_push(const Pointer &when_held, Report &report);

} // namespace datasurface::model
