package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.catalog.PlanFile;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing plans export [PLAN…]}. */
@Command(
    name = "export",
    description = {
      "Prints the last published version of plans, and all meters, as a plan file.",
      "Imported and exported again, the file is the same byte for byte. Over HTTP; with a token to"
          + " read."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  billing plans export > plans.yaml", "  billing plans export pro --json"})
final class PlansExportCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "PLAN", arity = "0..*", description = "the ids; default: all plans")
  private List<String> plans = new ArrayList<>();

  @Option(names = "--json", description = "as JSON; default: YAML")
  private boolean json;

  @Override
  public void run() {
    BillingHttp http = remote.http();
    requireKnown(http);
    ObjectNode file = BillingHttp.JSON.createObjectNode();
    ArrayNode meters = file.putArray("meters");
    all(http, "/meters").forEach(meters::add);
    ArrayNode list = file.putArray("plans");
    for (JsonNode each : all(http, "/plans")) {
      String plan = each.path("plan").asText();
      boolean wanted = plans.isEmpty() || plans.contains(plan);
      if (wanted && each.has("version")) {
        String version = each.path("version").asText();
        String at = PlansCommand.at(plan) + "/versions/" + version;
        list.add(http.get(at, new Query()).path("content"));
      }
    }
    PlanFile exported = PlanFile.of(file);
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? exported.json() : exported.yaml());
    out.flush();
  }

  /**
   * The server refuses the name of a plan that it does not have: the file would lack it silently.
   */
  private void requireKnown(BillingHttp http) {
    for (String plan : plans) {
      var unused = http.get(PlansCommand.at(plan) + "/versions", new Query());
    }
  }

  private static List<JsonNode> all(BillingHttp http, String path) {
    List<JsonNode> items = new ArrayList<>();
    new Pages(http, path, new Query(), Long.MAX_VALUE).forEach(items::add);
    return items;
  }

  /** A version or a draft as a file of one plan. */
  static PlanFile file(JsonNode version) {
    ObjectNode file = BillingHttp.JSON.createObjectNode();
    file.putArray("plans").add(version.path("content"));
    return PlanFile.of(file);
  }
}
