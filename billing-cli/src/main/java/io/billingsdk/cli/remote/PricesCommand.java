package io.billingsdk.cli.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing prices …}. */
@Command(
    name = "prices",
    description = "Shows what providers charge us, and takes in price files.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing prices list --model gpt-4",
      "  billing prices plan prices.json",
      "  billing prices approve p.json --fingerprint 3c1f0a6b9d2e4f58 --reason new"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class PricesCommand {
  private static final int TEXT = 60;
  private static final String CATALOG = "Over HTTP; with a token of the scope catalog.";
  private static final String FILE =
      "a prices file, or the list of providers of genai-prices; docs/costs.md has its fields";
  private static final String PROVIDER =
      "of a list of providers only this one; repeatable; default: all";

  @Command(
      name = "list",
      description = "Lists prices, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing prices list --provider openai --json")
  void list(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(names = "--provider", paramLabel = "NAME", description = "only of this provider")
          @Nullable String provider,
      @Option(names = "--model", paramLabel = "NAME", description = "only of this model")
          @Nullable String model,
      @Option(
              names = "--catalogue",
              paramLabel = "VERSION",
              description = "as it was; default: as it is in force")
          @Nullable String catalogue) {
    Columns columns =
        new Columns()
            .text("provider", "provider", TEXT)
            .text("model", "model", TEXT)
            .within("currency", "row", "currency")
            .within("from", "row", "validFrom")
            .within("to", "row", "validTo")
            .whole("price", "id");
    Query query =
        new Query().with("provider", provider).with("model", model).with("catalogue", catalogue);
    list.print(remote.http(), "/prices", query, columns);
  }

  @Command(
      name = "catalogues",
      description = "Lists versions of the price list, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing prices catalogues")
  void catalogues(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .whole("version", "version")
            .number("rows", "rows")
            .whole("made", "madeAt")
            .text("by", "actor", TEXT)
            .text("reason", "reason", TEXT);
    list.print(remote.http(), "/prices/catalogues", new Query(), columns);
  }

  @Command(
      name = "plan",
      description = {"Shows what a price file would change; changes nothing.", CATALOG},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  billing prices plan prices.json",
        "  billing prices plan genai-prices.json --provider openai --provider google"
      })
  void plan(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "FILE", description = FILE) Path file,
      @Option(names = "--provider", paramLabel = "NAME", description = PROVIDER)
          @Nullable List<String> providers) {
    show(shown, remote.http().change("/prices/plan", BillingHttp.bytes(body(file, providers))));
  }

  @Command(
      name = "approve",
      description = {"Makes a plan that you have read the price list in force.", CATALOG},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing prices approve p.json --fingerprint 3c1f0a6b9d2e4f58 --reason new")
  void approve(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "FILE", description = FILE) Path file,
      @Option(names = "--provider", paramLabel = "NAME", description = PROVIDER)
          @Nullable List<String> providers,
      @Option(
              names = "--fingerprint",
              paramLabel = "TEXT",
              required = true,
              description = "as prices plan shows it")
          String fingerprint,
      @Option(
              names = "--accept",
              paramLabel = "FINDING",
              description = "a finding that stops it, as prices plan shows it; repeatable")
          @Nullable List<String> accepted,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "kept with the version")
          String reason) {
    ObjectNode body = body(file, providers);
    body.put("fingerprint", fingerprint).put("reason", reason);
    if (accepted != null) {
      ArrayNode list = body.putArray("accept");
      accepted.forEach(list::add);
    }
    show(shown, remote.http().change("/prices/import", BillingHttp.bytes(body)));
  }

  @Command(
      name = "import",
      description = {"Takes in a price file at once, if nothing in its plan stops it.", CATALOG},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing prices import prices.json --reason 'a new model'")
  void importFile(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "FILE", description = FILE) Path file,
      @Option(names = "--provider", paramLabel = "NAME", description = PROVIDER)
          @Nullable List<String> providers,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "kept with the version")
          String reason) {
    ObjectNode body = body(file, providers);
    BillingHttp http = remote.http();
    JsonNode plan = http.change("/prices/plan", BillingHttp.bytes(body));
    body.set("fingerprint", plan.path("fingerprint"));
    body.put("reason", reason);
    show(shown, http.change("/prices/import", BillingHttp.bytes(body)));
  }

  /** The whole set of providers is more than a request takes; one of them seldom is. */
  private static ObjectNode body(Path file, @Nullable List<String> providers) {
    JsonNode content;
    try {
      content = BillingHttp.JSON.readTree(PlanFileText.read(file));
    } catch (JsonProcessingException malformed) {
      throw new CommandException(file + " must be JSON", malformed);
    }
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    if (providers == null || !content.isArray()) {
      body.set("file", content);
      return body;
    }
    ArrayNode kept = body.putArray("file");
    content.forEach(
        each -> {
          if (providers.contains(each.path("id").asText())) {
            kept.add(each);
          }
        });
    return body;
  }

  private static void show(ShownItem shown, JsonNode plan) {
    if (shown.isJson()) {
      shown.print(plan);
      return;
    }
    plan.path("differences").forEach(each -> shown.line(each.asText()));
    plan.path("findings")
        .forEach(
            each ->
                shown.line(
                    each.path("severity").asText()
                        + " \""
                        + each.path("id").asText()
                        + "\": must be "
                        + each.path("expected").asText()
                        + ", but is "
                        + each.path("found").asText()));
    for (String name : List.of("added", "changed", "closed", "unchanged")) {
      shown.line(name + " " + plan.path(name).asText());
    }
    shown.line("catalogue " + plan.path("catalogue").asText());
    shown.line("fingerprint " + plan.path("fingerprint").asText());
  }
}
