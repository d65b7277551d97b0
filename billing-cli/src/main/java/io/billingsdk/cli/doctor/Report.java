package io.billingsdk.cli.doctor;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.AsciiJson;
import io.billingsdk.cli.console.Printable;
import io.billingsdk.cli.doctor.Finding.Result;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Findings as an operator reads them, or a program. */
final class Report {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Report() {}

  static void print(Findings findings, PrintWriter out, Ansi ansi) {
    for (Finding each : findings.all()) {
      out.printf(
          Locale.ROOT,
          "%s %-18s %s%n",
          mark(each.result(), ansi),
          each.check(),
          Printable.text(each.found()));
      if (each.fix() != null) {
        out.println("     fix: " + Printable.text(each.fix()));
      }
    }
    out.printf(
        Locale.ROOT,
        "%d ok, %d warnings, %d failed, %d not checked%n",
        findings.count(Result.OK),
        findings.count(Result.WARN),
        findings.count(Result.FAIL),
        findings.count(Result.SKIPPED));
  }

  static void printJson(Findings findings, PrintWriter out) {
    ObjectNode report = JSON.createObjectNode();
    report.put("ok", findings.count(Result.FAIL) == 0);
    for (Finding each : findings.all()) {
      ObjectNode finding = report.withArray("findings").addObject();
      finding.put("check", each.check());
      finding.put("result", each.result().name().toLowerCase(Locale.ROOT));
      finding.put("found", each.found());
      if (each.fix() != null) {
        finding.put("fix", each.fix());
      }
    }
    out.println(AsciiJson.line(report));
  }

  private static String mark(Result result, Ansi ansi) {
    return ansi.string(
        switch (result) {
          case OK -> "@|green ok  |@";
          case WARN -> "@|yellow warn|@";
          case FAIL -> "@|bold,red FAIL|@";
          case SKIPPED -> "@|faint -   |@";
        });
  }
}
