import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Draws the output of the demo as a terminal that scrolls: an SVG with CSS, and no script. */
final class DemoPicture {
  private static final int COLUMNS = 112;
  private static final int ROWS = 26;
  private static final double LINE = 17;
  private static final double LEFT = 16;
  private static final double TOP = 44;
  private static final double WIDTH = 2 * LEFT + COLUMNS * 7.25;
  private static final double HEIGHT = TOP + ROWS * LINE + 14;

  /** Seconds that the lines take; the last picture then stands for {@link #STANDS}. */
  private static final double RUNS = 14;

  private static final double STANDS = 6;

  /** A pause of the demo that is longer is cut to this. */
  private static final double LONGEST_PAUSE = 1.2;

  private static final Pattern EVENT = Pattern.compile("( *(\\d+\\.\\d)s)  (\\w+)( +)(.*)");
  private static final Map<String, String> COLOURS =
      Map.of(
          "demo", "#e6edf3", "billing", "#e3b341", "broker", "#d2a8ff", "gateway", "#7ee787",
          "client", "#79c0ff");

  private DemoPicture() {}

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    List<String> lines =
        arguments.length > 1
            ? Files.readAllLines(Path.of(arguments[1]))
            : recorded(Files.readString(root.resolve("docs/demo.md")));
    Path picture = root.resolve("docs/images/demo.svg");
    Files.writeString(picture, svg(lines));
    System.out.println(root.relativize(picture) + ": " + lines.size() + " lines");
  }

  /** The block of the page that has the first line of the demo. */
  private static List<String> recorded(String page) {
    for (String block : page.split("```\n", -1)) {
      if (block.startsWith("  0.1s  demo ")) {
        return block.lines().toList();
      }
    }
    throw new IllegalStateException("docs/demo.md has no output of the demo");
  }

  private static String svg(List<String> output) {
    List<String> lines = new ArrayList<>(List.of("$ ./billing demo --seed 42"));
    lines.addAll(output);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(
          String.format(
              Locale.ROOT, "<text y=\"%.0f\">%s</text>\n", i * LINE + 12, coloured(lines.get(i))));
    }
    double last = (lines.size() - ROWS) * LINE;
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$.0f %2$.0f" role="img" aria-label="Output of ./billing demo">
    <style>
    text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #c9d1d9; white-space: pre; }
    .t { fill: #6e7681 } .r { fill: #ff7b72; font-weight: bold } .g { fill: #56d364; font-weight: bold } .w { fill: #e6edf3; font-weight: bold }
    #lines { transform: translateY(-%3$.0fpx); animation: scroll %4$.1fs step-end infinite }
    #cover { transform: translateY(%5$.0fpx); animation: uncover %4$.1fs step-end infinite }
    @media (prefers-reduced-motion: reduce) { #lines, #cover { animation: none } }
    %6$s</style>
    <clipPath id="screen"><rect x="0" y="%7$.0f" width="%1$.0f" height="%8$.0f"/></clipPath>
    <rect width="%1$.0f" height="%2$.0f" rx="10" fill="#0d1117"/>
    <rect x="0.5" y="0.5" width="%9$.0f" height="%10$.0f" rx="10" fill="none" stroke="#30363d"/>
    <circle cx="20" cy="19" r="6" fill="#ff5f57"/><circle cx="40" cy="19" r="6" fill="#febc2e"/><circle cx="60" cy="19" r="6" fill="#28c840"/>
    <g clip-path="url(#screen)"><g transform="translate(%11$.0f %7$.0f)">
    <g id="lines" xml:space="preserve">
    %12$s</g>
    <rect id="cover" x="-%13$.0f" width="%14$.0f" height="%8$.0f" fill="#0d1117"/>
    </g></g>
    </svg>
    """
        .formatted(
            WIDTH,
            HEIGHT,
            last,
            RUNS + STANDS,
            ROWS * LINE,
            frames(lines),
            TOP,
            ROWS * LINE,
            WIDTH - 1,
            HEIGHT - 1,
            LEFT,
            text,
            LEFT - 1,
            WIDTH - 2);
  }

  /** Two animations in steps: a cover hides unprinted lines; beyond the last row, it scrolls. */
  private static String frames(List<String> lines) {
    List<Double> times = times(lines);
    double scale = RUNS / times.get(times.size() - 1);
    StringBuilder scroll = new StringBuilder("@keyframes scroll { 0% { transform: none } ");
    StringBuilder cover =
        new StringBuilder("@keyframes uncover { 0% { transform: translateY(" + LINE + "px) } ");
    for (int i = 1; i < lines.size(); i++) {
      double percent = 100 * times.get(i) * scale / (RUNS + STANDS);
      int shown = i + 1;
      cover.append(frame(percent, Math.min(shown, ROWS) * LINE));
      scroll.append(frame(percent, -Math.max(0, shown - ROWS) * LINE));
    }
    return scroll.append("}\n").append(cover).append("}\n").toString();
  }

  private static String frame(double percent, double y) {
    return String.format(Locale.ROOT, "%.2f%% { transform: translateY(%.0fpx) } ", percent, y);
  }

  /** When each line comes, in seconds: as the demo says, except long pauses. */
  private static List<Double> times(List<String> lines) {
    List<Double> times = new ArrayList<>();
    double now = 0;
    double said = 0;
    for (String line : lines) {
      Matcher event = EVENT.matcher(line);
      double pause = 0.05;
      if (event.matches()) {
        pause = Math.max(0.1, Math.min(LONGEST_PAUSE, Double.parseDouble(event.group(2)) - said));
        said = Double.parseDouble(event.group(2));
      }
      now += times.isEmpty() ? 0 : pause;
      times.add(now);
    }
    return times;
  }

  private static String coloured(String line) {
    String fitting = line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - 1) + "…";
    Matcher event = EVENT.matcher(fitting);
    if (!event.matches()) {
      return fitting.startsWith("$ ") || fitting.startsWith("app ") || fitting.startsWith("total ")
          ? span("w", fitting)
          : escaped(fitting);
    }
    String rest = event.group(5);
    String message =
        rest.contains("SIGKILL") || rest.contains("DISCONNECTED")
            ? span("r", rest)
            : rest.contains("everything agrees") || rest.contains("0 numbers missing")
                ? span("g", rest)
                : escaped(rest);
    String colour = COLOURS.getOrDefault(event.group(3), "#e6edf3");
    return span("t", event.group(1))
        + "  <tspan style=\"fill:"
        + colour
        + "\">"
        + event.group(3)
        + "</tspan>"
        + event.group(4)
        + message;
  }

  private static String span(String style, String text) {
    return "<tspan class=\"" + style + "\">" + escaped(text) + "</tspan>";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
