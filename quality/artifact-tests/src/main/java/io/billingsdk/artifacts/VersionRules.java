package io.billingsdk.artifacts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Each version that a POM names is one release, today and in ten years: no snapshot, no range, no
 * property that is nowhere, and no dependency whose version nothing manages. Maven ignores all
 * dependencies of a POM with such a one.
 */
final class VersionRules {
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");
  private static final String OF_THE_PROJECT = "project.";

  private final Pom pom;
  private final List<Pom> withParent;

  private VersionRules(Pom pom, List<Pom> withParent) {
    this.pom = pom;
    this.withParent = withParent;
  }

  /** The faults of the POM of a module; its parent is read where it is staged. */
  static List<String> problems(StagedModule module, Optional<StagedModule> parent)
      throws IOException {
    Pom pom = module.pom();
    List<Pom> withParent = parent.isPresent() ? List.of(pom, parent.get().pom()) : List.of(pom);
    return new VersionRules(pom, withParent).problems();
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    pom.texts().stream()
        .filter(text -> text.contains("-SNAPSHOT"))
        .forEach(text -> problems.add("the POM names a snapshot: " + text));
    Stream.of(pom.dependencies(), pom.managed(), pom.plugins())
        .flatMap(List::stream)
        .filter(each -> !each.version().isEmpty())
        .forEach(each -> problems.addAll(problems(each.artifact(), each.version())));
    pom.dependencies().stream()
        .filter(each -> each.version().isEmpty() && !isManaged(each))
        .forEach(each -> problems.add("nothing manages the version of " + each.artifact()));
    return problems;
  }

  private List<String> problems(String artifact, String stated) {
    List<String> problems = new ArrayList<>();
    String version = stated;
    for (Matcher each = PROPERTY.matcher(stated); each.find(); ) {
      String value = property(each.group(1));
      if (value.isEmpty()) {
        problems.add("the version of " + artifact + " is a property that is nowhere: " + stated);
      }
      version = version.replace(each.group(), value);
    }
    if (version.matches(".*[\\[(,].*|LATEST|RELEASE")) {
      problems.add("the version of " + artifact + " is no single release: " + version);
    }
    return problems;
  }

  private String property(String name) {
    if (name.startsWith(OF_THE_PROJECT)) {
      return pom.version();
    }
    return withParent.stream()
        .map(each -> each.text("properties/" + name))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** A BOM that is imported manages its own group and those below, as that of Jackson does. */
  private boolean isManaged(Pom.Dependency dependency) {
    return withParent.stream()
        .flatMap(each -> each.managed().stream())
        .anyMatch(
            each ->
                each.scope().equals("import")
                    ? (dependency.group() + ".").startsWith(each.group() + ".")
                    : each.group().equals(dependency.group())
                        && each.artifact().equals(dependency.artifact())
                        && !each.version().isEmpty());
  }
}
