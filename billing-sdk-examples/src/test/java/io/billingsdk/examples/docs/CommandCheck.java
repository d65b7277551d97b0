package io.billingsdk.examples.docs;

import io.billingsdk.examples.demo.DemoCommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Whether the commands on a page can be given: those of {@code billing} are parsed as it parses
 * them, those of Maven name modules, profiles, goals, tests and properties that there are, and
 * scripts exist and can be run. Nothing is run. For one thread.
 */
final class CommandCheck {
  private static final Pattern START =
      Pattern.compile(
          "(?:^\\$ |^\\w+=\\S* |^alias \\S+='|^)((?:\\./)?(?:billing|mvnw)"
              + " .*|(?:\\./)?(?:scripts|quality/\\S+/scripts|\\.ci)/\\S+.*)");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
  private static final Set<String> GOALS =
      Set.of("verify", "test", "package", "install", "clean", "spotless:apply");
  private static final Set<String> OF_MAVEN =
      Set.of("maven.test.skip", "surefire.failIfNoSpecifiedTests", "test");

  /** Made once, since it takes some time; parsing leaves nothing in it that the next would see. */
  static final CommandLine BILLING = DemoCommandLine.create();

  private final Path root;
  private final SourceTexts sources;
  private final List<String> problems = new ArrayList<>();
  private int checked;

  CommandCheck(Path root, SourceTexts sources) {
    this.root = root;
    this.sources = sources;
  }

  int checked() {
    return checked;
  }

  List<String> problems() {
    return problems;
  }

  /** Checks each line of a block, and each inline code, that is a command. */
  void check(Page page) {
    List<String> candidates = new ArrayList<>(page.blockLines());
    page.inline().stream().filter(each -> !each.startsWith("billing ")).forEach(candidates::add);
    for (String each : candidates) {
      Matcher command = START.matcher(each);
      if (command.matches()) {
        checked++;
        check(page.name(), words(command.group(1)));
      }
    }
  }

  /** What a shell would give to the command: without comments, pipes and ellipses. */
  private static List<String> words(String line) {
    String call = line.split("\\s#|\\s[|>] ?|\\s&& ", 2)[0];
    List<String> words = new ArrayList<>();
    WORD.matcher(call)
        .results()
        .map(
            word ->
                word.group(1) != null
                    ? word.group(1)
                    : word.group(2) != null ? word.group(2) : word.group(3))
        .filter(word -> !word.equals("…"))
        .forEach(words::add);
    return words;
  }

  private void check(String page, List<String> words) {
    String program = words.get(0).replaceFirst("^\\./", "");
    List<String> arguments = words.subList(1, words.size());
    String problem =
        switch (program) {
          case "billing" -> billing(arguments);
          case "mvnw" -> maven(arguments);
          default -> Files.isExecutable(root.resolve(program)) ? "" : "no such script";
        };
    if (!problem.isEmpty()) {
      problems.add(page + ": " + String.join(" ", words) + ": " + problem);
    }
  }

  private static String billing(List<String> arguments) {
    // Commands of the pages stand for any data; a UUID is the one value that is parsed as such.
    String[] given =
        arguments.stream()
            .map(each -> each.equals("UUID") ? "00000000-0000-0000-0000-000000000000" : each)
            .toArray(String[]::new);
    try {
      var unused = BILLING.parseArgs(given);
      return "";
    } catch (ParameterException wrong) {
      return String.valueOf(wrong.getMessage());
    }
  }

  private String maven(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String each = arguments.get(i);
      String problem =
          each.equals("-pl")
              ? modules(i + 1 < arguments.size() ? arguments.get(++i) : "")
              : mavenWord(each);
      if (!problem.isEmpty()) {
        return problem;
      }
    }
    return "";
  }

  private String mavenWord(String word) {
    if (word.startsWith("-P")) {
      return sources.hasProfile(word.substring(2)) ? "" : "no profile " + word.substring(2);
    }
    if (word.startsWith("-Dtest=")) {
      return tests(word.substring("-Dtest=".length()));
    }
    if (word.startsWith("-D")) {
      String name = word.substring(2).replaceFirst("=.*", "");
      return OF_MAVEN.contains(name) || sources.names(name) ? "" : "nobody reads " + name;
    }
    boolean known = word.matches("-q|-o|-am|-amd|-B|-U|-T\\d") || GOALS.contains(word);
    return known ? "" : "no goal or option " + word;
  }

  private String tests(String list) {
    for (String each : list.split(",", -1)) {
      String name = each.replaceFirst("#.*", "");
      if (!name.equals("…") && !sources.hasClass(name)) {
        return "no test " + name;
      }
    }
    return "";
  }

  private String modules(String list) {
    for (String each : list.split(",", -1)) {
      boolean there =
          each.startsWith(":")
              ? sources.hasArtifact(each.substring(1))
              : sources.hasArtifact(each) || Files.exists(root.resolve(each).resolve("pom.xml"));
      if (!there) {
        return "no module " + each;
      }
    }
    return "";
  }
}
