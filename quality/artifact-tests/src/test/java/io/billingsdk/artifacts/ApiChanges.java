package io.billingsdk.artifacts;

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.config.Options;
import japicmp.model.AccessModifier;
import japicmp.model.JApiChangeStatus;
import japicmp.model.JApiClass;
import japicmp.output.stdout.StdoutOutputGenerator;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The difference of two API jars, as japicmp finds it. */
final class ApiChanges {
  private final List<JApiClass> classes;

  private ApiChanges(List<JApiClass> classes) {
    this.classes = classes;
  }

  static ApiChanges between(Path before, Path now) {
    JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
    options.setAccessModifier(AccessModifier.PROTECTED);
    // Types of gRPC, Spring and others, which are in neither jar.
    options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
    return new ApiChanges(
        new JarArchiveComparator(options)
            .compare(
                new JApiCmpArchive(before.toFile(), "baseline"),
                new JApiCmpArchive(now.toFile(), "now")));
  }

  int types() {
    return classes.size();
  }

  /** Types with any change. */
  List<String> changed() {
    return names(
        classes.stream().filter(each -> each.getChangeStatus() != JApiChangeStatus.UNCHANGED));
  }

  /** Types after whose change a caller does not link, or does not compile. */
  List<String> incompatible() {
    return names(
        classes.stream().filter(each -> !each.isBinaryCompatible() || !each.isSourceCompatible()));
  }

  /** All changes, a line each: + added, - removed, * modified, ! incompatible. */
  String diff() {
    Options options = Options.newDefault();
    options.setOutputOnlyModifications(true);
    options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
    return new StdoutOutputGenerator(options, classes).generate();
  }

  private static List<String> names(Stream<JApiClass> some) {
    return some.map(JApiClass::getFullyQualifiedName).sorted().toList();
  }
}
