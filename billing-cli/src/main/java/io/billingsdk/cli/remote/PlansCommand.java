package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import io.billingsdk.server.catalog.PlanFile;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing plans …}. */
@Command(
    name = "plans",
    description = "Shows plans, and brings them in from files; a file is tested without a server.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing plans example > plans.yaml",
      "  billing plans test plans.yaml --plan pro",
      "  billing plans import plans.yaml --publish"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PlansImportCommand.class,
      PlansExportCommand.class,
      PlansDiffCommand.class,
      PlansTestCommand.class
    })
final class PlansCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "list",
      description = "Lists plans by id, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing plans list")
  void list(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns().whole("plan", "plan").number("version", "version").whole("draft", "draft");
    list.print(remote.http(), "/plans", new Query(), columns);
  }

  @Command(
      name = "versions",
      description = "Lists the versions of a plan, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing plans versions pro")
  void versions(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Parameters(paramLabel = "PLAN", description = "the id") String plan) {
    Columns columns =
        new Columns()
            .number("version", "version")
            .whole("valid from", "validFrom")
            .whole("currency", "currency")
            .text("name", "name", 32)
            .text("by", "publishedBy", 32)
            .text("digest", "digest", 12);
    list.print(remote.http(), at(plan) + "/versions", new Query(), columns);
  }

  @Command(
      name = "show",
      description = "Shows a version of a plan or its draft, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {"  billing plans show pro 2", "  billing plans show pro --json"})
  void show(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(index = "0", paramLabel = "PLAN", description = "the id") String plan,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "VERSION",
              converter = Whole.Count.class,
              description = "which version; default: the draft")
          @Nullable Long version) {
    JsonNode found =
        remote
            .http()
            .get(at(plan) + (version == null ? "/draft" : "/versions/" + version), new Query());
    if (shown.isJson()) {
      shown.print(found);
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(PlansExportCommand.file(found).yaml());
    out.flush();
  }

  @Command(
      name = "publish",
      description = {
        "Publishes the draft of a plan; the version never changes.",
        "Over HTTP; with a token of the scope catalog."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing plans publish pro --valid-from 2027-04-01T00:00:00Z")
  void publish(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "PLAN", description = "the id") String plan,
      @Option(
              names = "--valid-from",
              paramLabel = "TIME",
              description = "since when new subscriptions have it; default: now")
          @Nullable String validFrom) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    CustomersCommand.put(body, "validFrom", validFrom);
    JsonNode made = remote.http().change(at(plan) + "/versions", BillingHttp.bytes(body));
    if (shown.isJson()) {
      shown.print(made);
    } else {
      shown.line(
          "published: "
              + made.path("plan").asText()
              + " version "
              + made.path("version").asText()
              + ", valid from "
              + made.path("validFrom").asText());
    }
  }

  @Command(
      name = "schema",
      description = "Prints the JSON schema of plan files, for an editor; asks no server.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing plans schema > plan-file.schema.json")
  void schema() {
    print(PlanFile.schema());
  }

  @Command(
      name = "example",
      description = "Prints the plans that come with the server, to begin with; asks no server.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing plans example > plans.yaml")
  void example() {
    print(PlanFile.shippedText());
  }

  static String at(String plan) {
    return "/plans/" + BillingHttp.part(plan);
  }

  private void print(String text) {
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
  }
}
