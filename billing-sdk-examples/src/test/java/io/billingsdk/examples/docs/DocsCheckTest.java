package io.billingsdk.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Holds the README, its translation, CONTRIBUTING and all pages in docs/: links and anchors are
 * alive, commands can be given, no word of the no-list of docs/style.md is used, and
 * README.zh-CN.md is in step. {@link DocsChecksTest} shows that each check finds what is planted.
 */
class DocsCheckTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("..").normalize();
  private static final String STYLE = "docs/style.md";
  private static final String CHINESE = "README.zh-CN.md";

  @Test
  void pages_linksCommandsWordsAndTranslation_hold() throws IOException {
    List<Page> pages = pages();
    SourceTexts sources = SourceTexts.below(ROOT);
    LinkCheck links = new LinkCheck(ROOT);
    CommandCheck commands = new CommandCheck(ROOT, sources);
    for (Page page : pages) {
      links.follow(page);
      commands.check(page);
    }
    for (Map.Entry<String, String> source : sources.all().entrySet()) {
      if (source.getValue().contains("docs/") && !source.getKey().contains("examples/docs/")) {
        links.followNames(source.getKey(), source.getValue());
      }
    }
    WordCheck words = WordCheck.of(page(pages, STYLE));
    List<String> used = new ArrayList<>();
    pages.stream()
        .filter(page -> !page.name().equals(STYLE) && !page.name().equals(CHINESE))
        .forEach(page -> used.addAll(words.problems(page.name(), page.prose())));
    Set<String> helps = new TreeSet<>();
    help(CommandCheck.BILLING, helps);
    List<String> inHelp = words.problems("--help", List.copyOf(helps));
    List<String> behind = StepCheck.problems(page(pages, "README.md"), page(pages, CHINESE));
    Proof.of("docs-check")
        .with("pages", pages.size())
        .with("links", links.checked())
        .with("links_dead", links.problems().size())
        .with("commands", commands.checked())
        .with("commands_wrong", commands.problems().size())
        .with("help_texts", helps.size())
        .with("words_on_the_list", words.size())
        .with("words_used", used.size())
        .with("words_used_in_help", inHelp.size())
        .with("translation_behind", behind.size())
        .print();
    assertThat(
            Stream.of(links.problems(), commands.problems(), used, inHelp, behind)
                .flatMap(List::stream))
        .isEmpty();
    assertThat(List.of(links.checked(), commands.checked(), words.size())).allMatch(n -> n > 5);
  }

  @Test
  void index_hasEveryPage() throws IOException {
    List<Page> pages = pages();
    Page index = page(pages, "docs/README.md");
    assertThat(pages.stream().map(Page::name))
        .filteredOn(name -> name.startsWith("docs/") && !name.equals(index.name()))
        .allSatisfy(name -> assertThat(index.links()).contains(name.substring("docs/".length())));
  }

  /** scripts/demo-picture draws it; a line that is too wide ends with an ellipsis. */
  @Test
  void picture_ofTheDemo_isOfTheRecordedOutput() throws IOException {
    String picture = Files.readString(ROOT.resolve("docs/images/demo.svg"));
    List<String> drawn =
        Pattern.compile("<text y=\"\\d+\">(.*?)</text>")
            .matcher(picture)
            .results()
            .map(line -> line.group(1).replaceAll("<[^>]*>|…$", "").replace("&gt;", ">"))
            .toList();
    List<String> recorded =
        page(pages(), "docs/demo.md").blocks().stream()
            .filter(block -> block.startsWith("```\n  0.1s  demo "))
            .flatMap(block -> block.lines().skip(1))
            .filter(line -> !line.equals("```"))
            .toList();
    assertThat(recorded).hasSizeGreaterThan(20).hasSize(drawn.size() - 1);
    for (int i = 0; i < recorded.size(); i++) {
      assertThat(recorded.get(i)).startsWith(drawn.get(i + 1));
    }
  }

  @Test
  void readme_isShort() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThan(200);
    assertThat(Files.readAllLines(ROOT.resolve(STYLE))).hasSizeLessThanOrEqualTo(60);
  }

  private static List<Page> pages() throws IOException {
    List<Path> files = new ArrayList<>();
    Stream.of("README.md", CHINESE, "CONTRIBUTING.md").map(ROOT::resolve).forEach(files::add);
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(each -> each.toString().endsWith(".md")).sorted().forEach(files::add);
    }
    List<Page> pages = new ArrayList<>();
    for (Path file : files) {
      pages.add(Page.parse(ROOT.relativize(file).toString(), Files.readString(file)));
    }
    return pages;
  }

  private static Page page(List<Page> pages, String name) {
    return pages.stream().filter(page -> page.name().equals(name)).findFirst().orElseThrow();
  }

  /** All texts that --help shows of a command and those below it, each once. */
  private static void help(CommandLine command, Set<String> texts) {
    CommandSpec spec = command.getCommandSpec();
    UsageMessageSpec usage = spec.usageMessage();
    texts.add(String.join(" ", usage.description()));
    texts.addAll(List.of(usage.header()));
    texts.addAll(List.of(usage.footer()));
    texts.addAll(usage.exitCodeList().values());
    spec.args().forEach(each -> texts.add(String.join(" ", each.description())));
    command.getSubcommands().values().forEach(each -> help(each, texts));
  }
}
