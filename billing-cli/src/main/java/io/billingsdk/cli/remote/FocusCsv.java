package io.billingsdk.cli.remote;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the CSV of costs, page after page; it holds a line. For one thread. */
final class FocusCsv {
  private static final String END = "\r\n";
  private static final int PAGE = 1_000;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--account",
      paramLabel = "NAME",
      description = "the account that pays the providers; default: default")
  private @Nullable String account;

  void print(BillingHttp http, Query query) {
    PrintWriter out = spec.commandLine().getOut();
    long unknown = 0;
    @Nullable String next = null;
    boolean isFirst = true;
    do {
      Query page =
          new Query().with(query).with("account", account).with("limit", PAGE).with("cursor", next);
      try {
        HttpResponse<InputStream> answer = http.open("/costs/focus", page, "text/csv");
        lines(answer.body(), out, isFirst);
        unknown += answer.headers().firstValueAsLong("Billing-Unknown-Costs").orElse(0L);
        next = answer.headers().firstValue("Billing-Next").orElse(null);
      } catch (IOException failed) {
        throw Unreachable.because(failed, http.server());
      }
      isFirst = false;
    } while (next != null);
    out.flush();
    if (unknown > 0) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "billing: " + unknown + " unknown costs have no row; costs unknown lists what they lack");
      err.flush();
    }
  }

  private static void lines(InputStream body, PrintWriter out, boolean isFirst) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      if (isFirst && line != null) {
        out.print(Text.printable(line) + END);
      }
      for (line = lines.readLine(); line != null; line = lines.readLine()) {
        out.print(Text.printable(line) + END);
      }
    }
  }
}
