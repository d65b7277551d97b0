package io.billingsdk.cli.remote;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code billing meters …}. */
@Command(
    name = "meters",
    description = "Shows meters: how usage is measured. 'billing plans import' makes them.",
    footerHeading = "%nExamples:%n",
    footer = {"  billing meters list"},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class MetersCommand {
  private static final int FILTER = 40;

  @Command(
      name = "list",
      description = "Lists meters by slug, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing meters list --json")
  void list(@Mixin RemoteOptions remote, @Mixin ListOptions list) {
    Columns columns =
        new Columns()
            .whole("meter", "slug")
            .whole("unit", "unit")
            .whole("aggregation", "aggregation")
            .whole("value", "value")
            .whole("module", "module")
            .text("models", "models", FILTER)
            .text("metadata", "metadata", FILTER);
    list.print(remote.http(), "/meters", new Query(), columns);
  }

  @Command(
      name = "show",
      description = "Shows a meter, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing meters show calls")
  void show(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "METER", description = "the slug") String slug) {
    shown.print(remote.http().get("/meters/" + BillingHttp.part(slug), new Query()));
  }
}
