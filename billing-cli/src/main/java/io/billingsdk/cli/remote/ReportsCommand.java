package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.WrongOptionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing reports …}. */
@Command(
    name = "reports",
    description = "Shows what a customer used, and what that costs.",
    footerHeading = "%nExamples:%n",
    footer = "  billing reports month --customer acme --month 2026-11 --format csv > november.csv",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class ReportsCommand {
  private static final String END = "\r\n";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "month",
      description = {
        "Prints calls, models, refusals and costs of a month, in the zone of the customer.",
        "Over HTTP; with a token to read, or one of the customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing reports month --customer acme --month 2026-11")
  void month(
      @Mixin RemoteOptions remote,
      @Option(names = "--customer", paramLabel = "ID", required = true, description = "whose")
          String customer,
      @Option(
              names = "--month",
              paramLabel = "MONTH",
              required = true,
              description = "as 2026-11; one that is not over has what there is until now")
          String month,
      @Option(
              names = "--format",
              paramLabel = "FORM",
              defaultValue = "json",
              description = "csv or json; default: json")
          String format) {
    if (!format.equals("csv") && !format.equals("json")) {
      throw new WrongOptionException("--format must be csv or json, but was " + format);
    }
    String path = "/customers/" + Query.segment(customer) + "/reports/" + Query.segment(month);
    PrintWriter out = spec.commandLine().getOut();
    if (format.equals("json")) {
      out.println(JsonLines.of(remote.http().get(path, new Query())));
    } else {
      csv(remote.http(), path).lines().forEach(line -> out.print(Text.printable(line) + END));
    }
    out.flush();
  }

  private static String csv(BillingHttp http, String path) {
    try (InputStream body = http.open(path, new Query().with("format", "csv"), "text/csv").body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw Unreachable.because(failed, http.server());
    }
  }
}
