#include "definition/plan_streams.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>

#include "shape/names.hpp"

namespace datasurface::definition {

std::vector<std::string> stream_names(const model::Store &store)
{
    if (store.consistency == model::Consistency::multi)
        return {store.name};
    std::vector<std::string> names;
    for (const model::Dataset &dataset : store.datasets)
        names.push_back(shape::stream_name(store, dataset));
    return names;
}

std::vector<std::size_t> leaving_streams(const std::vector<PlannedStream> &present,
                                         const std::vector<std::string> &wanted)
{
    std::set<std::string_view> const staying(wanted.begin(), wanted.end());
    std::vector<std::size_t> leaving;
    for (std::size_t i = 0; i < present.size(); ++i)
        if (!staying.contains(present[i].name))
            leaving.push_back(i);
    return leaving;
}

std::vector<PlannedStream> plan_streams(const model::Store &store, const std::vector<int> &dataset_ids,
                                        const std::vector<PlannedStream> &present)
{
    int of_any = 0;   // of any stream
    int of_whole = 0; // of a stream that carried all datasets
    std::unordered_map<int, int> by_dataset;
    for (const PlannedStream &stream : present) {
        of_any = std::max(of_any, stream.last_batch);
        int &last = stream.dataset_id ? by_dataset[*stream.dataset_id] : of_whole;
        last = std::max(last, stream.last_batch);
    }
    std::vector<std::string> names = stream_names(store);
    if (store.consistency == model::Consistency::multi)
        return {{std::move(names.front()), std::nullopt, of_any}};
    std::vector<PlannedStream> planned;
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto const own = by_dataset.find(dataset_ids.at(i));
        planned.push_back(
            {std::move(names[i]), dataset_ids[i], std::max(of_whole, own == by_dataset.end() ? 0 : own->second)});
    }
    return planned;
}

} // namespace datasurface::definition
