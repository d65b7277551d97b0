package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.common.ShownText;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
  private static final List<String> FORMATS = List.of("csv", "json", "pdf");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "month",
      description = {
        "Prints calls, models, refusals and costs of a month, in the zone of the customer.",
        "Over HTTP; with a token to read, or one of the customer."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  billing reports month --customer acme --month 2026-11",
        "  billing reports month --customer acme --month 2026-11 --format pdf"
      })
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
              description = "csv, json or pdf; default: json")
          String format,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "the PDF file to write; default: report-MONTH.pdf")
          @Nullable Path file) {
    if (!FORMATS.contains(format)) {
      throw new WrongOptionException("--format must be csv, json or pdf, but was " + format);
    }
    if (file != null && !format.equals("pdf")) {
      throw new WrongOptionException("--out needs --format pdf; csv and json are printed");
    }
    String path = "/customers/" + Query.segment(customer) + "/reports/" + Query.segment(month);
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case "pdf" -> {
        Path target = file == null ? Path.of("report-" + Query.segment(month) + ".pdf") : file;
        Download.to(remote.http(), path, new Query().with("format", "pdf"), target);
        out.println(ShownText.of(target.toString()));
      }
      case "csv" ->
          csv(remote.http(), path).lines().forEach(line -> out.print(Text.printable(line) + END));
      default -> out.println(JsonLines.of(remote.http().get(path, new Query())));
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
