import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the reports of the tests. A report is written when its class ends. */
final class TestTimes {
  private static final Pattern SUITE =
      Pattern.compile("<testsuite [^>]*?\\bname=\"([^\"]+)\" time=\"([0-9.,]+)\" tests=\"(\\d+)\"");
  private static final int SLOWEST = 25;

  private record Report(String module, String name, double seconds, int tests, double end) {
    double begin() {
      return end - seconds;
    }
  }

  private TestTimes() {}

  public static void main(String... arguments) throws IOException {
    int slowest = arguments.length == 0 ? SLOWEST : Integer.parseInt(arguments[0]);
    List<Report> reports = read(Path.of("."));
    if (reports.isEmpty()) {
      System.err.println("test-times: there are no reports; run ./mvnw verify first");
      System.exit(1);
    }
    Map<String, List<Report>> modules = new TreeMap<>();
    for (Report report : reports) {
      modules.computeIfAbsent(report.module(), any -> new ArrayList<>()).add(report);
    }
    line("%-34s %7s %7s %7s %9s %5s %9s", "module", "classes", "tests", "wall_s", "classes_s", "busy", "longest_s");
    modules.entrySet().stream()
        .sorted(Comparator.comparingDouble(module -> -wall(module.getValue())))
        .forEach(module -> print(module.getKey(), module.getValue()));
    print("all", reports);
    line("%n%9s  %s", "seconds", "class");
    reports.stream()
        .sorted(Comparator.comparingDouble(Report::seconds).reversed())
        .limit(slowest)
        .forEach(report -> line("%9.1f  %s  (%s)", report.seconds(), report.name(), report.module()));
  }

  private static void print(String name, List<Report> reports) {
    double wall = wall(reports);
    double sum = reports.stream().mapToDouble(Report::seconds).sum();
    double longest = reports.stream().mapToDouble(Report::seconds).max().orElse(0);
    int tests = reports.stream().mapToInt(Report::tests).sum();
    line("%-34s %7d %7d %7.0f %9.0f %5.1f %9.0f", name, reports.size(), tests, wall, sum, sum / Math.max(wall, 0.001), longest);
  }

  private static double wall(List<Report> reports) {
    return reports.stream().mapToDouble(Report::end).max().orElse(0)
        - reports.stream().mapToDouble(Report::begin).min().orElse(0);
  }

  private static List<Report> read(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.getFileName().toString().matches("TEST-.*[.]xml"))
          .filter(file -> file.toString().contains("/target/surefire-reports"))
          .flatMap(file -> report(root, file))
          .toList();
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  private static Stream<Report> report(Path root, Path file) {
    try {
      Matcher suite = SUITE.matcher(Files.readString(file));
      if (!suite.find()) {
        return Stream.empty();
      }
      String path = root.relativize(file).toString();
      String module = path.substring(0, path.indexOf("/target/"));
      // The tests of the second JDK are a run of their own.
      if (path.contains("/surefire-reports-")) {
        module += " (newer JDK)";
      }
      return Stream.of(
          new Report(
              module,
              suite.group(1),
              Double.parseDouble(suite.group(2).replace(",", "")),
              Integer.parseInt(suite.group(3)),
              Files.getLastModifiedTime(file).toMillis() / 1000.0));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void line(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
