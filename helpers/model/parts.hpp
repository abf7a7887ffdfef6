// The groups that declaration and manifest share, to and from JSON.
#pragma once

#include "model/declaration.hpp"
#include "model/json.hpp"

namespace dba {

void read_part(ObjectReader& reader, const char* name, Prepare& out);
void read_part(ObjectReader& reader, const char* name, Relations& out);
void read_part(ObjectReader& reader, const char* name, ScriptFragments& out);
void read_part(ObjectReader& reader, const char* name, Tools& out);
void read_part(ObjectReader& reader, const char* name, std::vector<LeakWaiver>& out);
void read_part(ObjectReader& reader, const char* name, std::vector<ConfigFile>& out);
void read_part(ObjectReader& reader, const char* name, ConfigVariants& out);
void read_part(ObjectReader& reader, const char* name, std::vector<InstalledFiles>& out);
void read_part(ObjectReader& reader, const char* name, std::vector<Link>& out);
void read_part(ObjectReader& reader, const char* name, std::vector<Service>& out);

nlohmann::json part(const Prepare& value);
nlohmann::json part(const Relations& value);
nlohmann::json part(const ScriptFragments& value);
nlohmann::json part(const Tools& value);
nlohmann::json part(const std::vector<LeakWaiver>& value);
nlohmann::json part(const ConfigVariants& value);
nlohmann::json part(const std::vector<Link>& value);

}  // namespace dba
