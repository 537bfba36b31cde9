// Documents with faults as people make them, each with everything that is said of it. What stands in the golden file is
// read as its receiver would: each line is to be true, and to say what is wrong, where, and what to do.

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "model_problems.hpp"
#include "shape/claims.hpp"

namespace datasurface::model {

namespace {

constexpr char golden_file[] = "test/unit/golden/model_faults.txt";

struct Fault {
    std::string title;
    std::string document;
    std::string problems; // a line each, with the hint behind an arrow
};

// "=== title", the document, and its problems in lines that begin with "> ".
std::vector<Fault> read_faults()
{
    std::ifstream file(golden_file);
    EXPECT_TRUE(file) << "run from the root of the repository";
    std::vector<Fault> faults;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("=== "))
            faults.push_back({line.substr(4), {}, {}});
        else if (line.starts_with("> "))
            faults.back().problems += line + "\n";
        else
            faults.back().document += (faults.back().document.empty() ? "" : "\n") + line;
    }
    return faults;
}

std::string told_of(const std::string &document)
{
    Parsed parsed = parse(document);
    Problems problems = parsed.problems;
    if (parsed.is_whole) {
        for (const Problem &problem : lint(parsed.model, {}))
            problems.push_back(problem);
        for (const Problem &problem : shape::check_claims(shape::claims(parsed.model), {}))
            problems.push_back(problem);
    }
    std::string text;
    for (const Problem &problem : problems)
        text += "> " + std::string(word(problem.severity)) + " " +
                (problem.pointer.empty() ? "document" : problem.pointer) + " " + problem.code + ": " + problem.message +
                (problem.hint.empty() ? "" : " -> " + problem.hint) + "\n";
    return text;
}

} // namespace

// DATASURFACE_WRITE_GOLDEN=1 writes the golden file anew, to be read before it is kept.
TEST(ModelFaults, AreToldAsTheGoldenFileSays)
{
    std::vector<Fault> const faults = read_faults();
    EXPECT_GE(faults.size(), 40u);
    std::string anew;
    for (const Fault &fault : faults) {
        std::string const told = told_of(fault.document);
        anew += "=== " + fault.title + "\n" + fault.document + "\n" + told;
        EXPECT_EQ(told, fault.problems) << fault.title;
    }
    if (std::getenv("DATASURFACE_WRITE_GOLDEN") != nullptr)
        std::ofstream(golden_file) << anew;
}

} // namespace datasurface::model
