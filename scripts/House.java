import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;

/**
 * Measures the main sources of all modules with the compiler's own parser, and the packages with
 * jdeps. It needs compiled classes, and no other tool than the JDK.
 */
final class House {
  private static final Pattern WRITE =
      Pattern.compile(
          "(?i)\\b(?:INSERT\\s+INTO|UPDATE|DELETE\\s+FROM|MERGE\\s+INTO|TRUNCATE|COPY)\\s+"
              + "(?:ONLY\\s+)?([a-z_][a-z_0-9]*)");
  private static final Pattern CREATE =
      Pattern.compile("(?i)\\bCREATE\\s+TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?([a-z_][a-z_0-9]*)");
  private static final int PARAMETERS = 5;

  private final List<Integer> fileLines = new ArrayList<>();
  private final List<Integer> methodLines = new ArrayList<>();
  private final Map<String, Integer> hidden = new TreeMap<>();
  private final Map<String, Integer> topLevel = new TreeMap<>();

  /** Of a module and a simple name, the types. */
  private final Map<String, Set<String>> types = new TreeMap<>();

  /** Of a table, the packages that write it. */
  private final Map<String, Set<String>> writers = new TreeMap<>();

  private final Map<String, Set<String>> longConstructors = new TreeMap<>();
  private final Set<String> tables = new TreeSet<>();
  private final Map<String, Integer> longest = new TreeMap<>();

  public static void main(String[] args) throws IOException {
    House house = new House();
    List<Path> modules = modules();
    for (Path module : modules) {
      house.measure(module);
    }
    Map<String, Set<String>> uses = dependencies(modules);
    List<Set<String>> withRoots = cycles(uses);
    List<Set<String>> cycles = cycles(withoutRoots(uses));
    if (List.of(args).contains("--list")) {
      cycles.forEach(each -> System.out.println("cycle: " + each));
      withRoots.forEach(each -> System.out.println("cycle with roots: " + each));
      house.list();
    }
    house.print(cycles.size(), withRoots.size());
  }

  /** All that have main sources. */
  private static List<Path> modules() throws IOException {
    try (Stream<Path> poms = Files.find(Path.of(""), 4, (path, a) -> path.endsWith("pom.xml"))) {
      return poms.map(pom -> Path.of("./" + pom).normalize())
          .map(pom -> pom.getParent() == null ? Path.of("") : pom.getParent())
          .filter(module -> !module.toString().matches(".*\\b(target|rows)\\b.*"))
          .filter(module -> Files.isDirectory(module.resolve("src/main/java")))
          .sorted()
          .toList();
    }
  }

  private void measure(Path module) throws IOException {
    findTables(module);
    JavaCompiler compiler = javax.tools.ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.walk(module.resolve("src/main/java"))) {
      List<Path> java =
          sources
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("package-info.java"))
              .filter(file -> !file.endsWith("module-info.java"))
              .sorted()
              .toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(java));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        Path file = Path.of(unit.getSourceFile().toUri());
        int lines = Files.readAllLines(file).size();
        fileLines.add(lines);
        longest.put(file.getFileName().toString(), lines);
        new Measure(module.toString(), unit, positions).scan(unit, null);
      }
    }
  }

  private void findTables(Path module) throws IOException {
    Path resources = module.resolve("src/main/resources");
    if (!Files.isDirectory(resources)) {
      return;
    }
    try (Stream<Path> all = Files.walk(resources)) {
      for (Path sql : all.filter(file -> file.toString().endsWith(".sql")).toList()) {
        Matcher table = CREATE.matcher(Files.readString(sql));
        while (table.find()) {
          tables.add(table.group(1).toLowerCase(Locale.ROOT));
        }
      }
    }
  }

  /** Looks at one file. */
  private final class Measure extends TreeScanner<Void, Void> {
    private final String module;
    private final String packageName;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Deque<ClassTree> around = new ArrayDeque<>();

    Measure(String module, CompilationUnitTree unit, SourcePositions positions) {
      this.module = module;
      this.unit = unit;
      this.positions = positions;
      this.packageName = String.valueOf(unit.getPackageName());
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      String name = type.getSimpleName().toString();
      if (!name.isEmpty()) {
        if (around.isEmpty()) {
          topLevel.merge(module, 1, Integer::sum);
          boolean isPublic = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
          hidden.merge(module, isPublic ? 0 : 1, Integer::sum);
        }
        String outer = around.isEmpty() ? "" : around.peek().getSimpleName() + ".";
        types
            .computeIfAbsent(module + " " + name, each -> new TreeSet<>())
            .add(packageName + "." + outer + name);
      }
      around.push(type);
      super.visitClass(type, unused);
      around.pop();
      return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      LineMap lines = unit.getLineMap();
      long start = positions.getStartPosition(unit, method);
      if (start >= 0 && method.getBody() != null) {
        long end = positions.getEndPosition(unit, method);
        methodLines.add((int) (lines.getLineNumber(end) - lines.getLineNumber(start) + 1));
      }
      ClassTree type = around.peek();
      if (method.getName().contentEquals("<init>")
          && type.getKind() == Tree.Kind.CLASS
          && method.getParameters().size() > PARAMETERS) {
        longConstructors
            .computeIfAbsent(packageName + "." + type.getSimpleName(), each -> new TreeSet<>())
            .add(method.getParameters().size() + " parameters");
      }
      return super.visitMethod(method, unused);
    }

    @Override
    public Void visitBinary(BinaryTree sum, Void unused) {
      if (sum.getKind() == Tree.Kind.PLUS) {
        findWrites(text(sum));
      }
      return super.visitBinary(sum, unused);
    }

    @Override
    public Void visitLiteral(LiteralTree literal, Void unused) {
      findWrites(text(literal));
      return null;
    }

    /** With a mark for what only a run knows. */
    private String text(ExpressionTree tree) {
      if (tree instanceof LiteralTree literal) {
        return literal.getValue() instanceof String text ? text : "";
      }
      if (tree instanceof ParenthesizedTree inner) {
        return text(inner.getExpression());
      }
      return tree instanceof BinaryTree sum
          ? text(sum.getLeftOperand()) + text(sum.getRightOperand())
          : "?";
    }

    private void findWrites(String text) {
      Matcher write = WRITE.matcher(text);
      while (write.find()) {
        String table = write.group(1).toLowerCase(Locale.ROOT);
        if (tables.contains(table)) {
          writers.computeIfAbsent(table, each -> new TreeSet<>()).add(packageName);
        }
      }
    }
  }

  /** Of a package, those of the project that its classes use. */
  private static Map<String, Set<String>> dependencies(List<Path> modules) {
    List<String> arguments = new ArrayList<>(List.of("-verbose:package", "--ignore-missing-deps"));
    for (Path module : modules) {
      Path classes = module.resolve("target/classes");
      if (!Files.isDirectory(classes)) {
        throw new IllegalStateException(classes + " is missing: run ./mvnw verify first");
      }
      arguments.add(classes.toString());
    }
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    ToolProvider.findFirst("jdeps").orElseThrow().run(out, out, arguments.toArray(String[]::new));
    Map<String, Set<String>> uses = new TreeMap<>();
    Matcher line =
        Pattern.compile("(?m)^ +(io\\.billingsdk\\S*) +-> (io\\.billingsdk\\S*) ")
            .matcher(said.toString());
    while (line.find()) {
      uses.computeIfAbsent(line.group(1), each -> new TreeSet<>()).add(line.group(2));
    }
    if (uses.isEmpty()) {
      throw new IllegalStateException("jdeps found nothing: " + said);
    }
    return uses;
  }

  /**
   * Without the packages that put the others together and also hold what these share: the public
   * types of the SDK, which name their own implementation, and the root of a program.
   */
  private static Map<String, Set<String>> withoutRoots(Map<String, Set<String>> uses) {
    Map<String, Set<String>> inner = new TreeMap<>();
    uses.forEach(
        (from, all) -> {
          if (!isRoot(uses, from)) {
            Set<String> kept = new TreeSet<>(all);
            kept.removeIf(each -> isRoot(uses, each));
            inner.put(from, kept);
          }
        });
    return inner;
  }

  /** Whether it uses a package below it. */
  private static boolean isRoot(Map<String, Set<String>> uses, String name) {
    return uses.getOrDefault(name, Set.of()).stream().anyMatch(each -> each.startsWith(name + "."));
  }

  /** Packages that reach each other, each such group once. */
  private static List<Set<String>> cycles(Map<String, Set<String>> uses) {
    Map<String, Set<String>> reached = new HashMap<>();
    uses.keySet().forEach(each -> reached.put(each, reached(uses, each)));
    Set<Set<String>> groups = new java.util.LinkedHashSet<>();
    for (String each : uses.keySet()) {
      Set<String> group = new TreeSet<>();
      for (String other : reached.get(each)) {
        if (!other.equals(each) && reached.getOrDefault(other, Set.of()).contains(each)) {
          group.add(other);
        }
      }
      if (!group.isEmpty()) {
        group.add(each);
        groups.add(group);
      }
    }
    return List.copyOf(groups);
  }

  private static Set<String> reached(Map<String, Set<String>> uses, String from) {
    Set<String> reached = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>(uses.get(from));
    while (!next.isEmpty()) {
      String each = next.pop();
      if (reached.add(each)) {
        next.addAll(uses.getOrDefault(each, Set.of()));
      }
    }
    return reached;
  }

  private static int percentile(List<Integer> lengths, int percent) {
    Collections.sort(lengths);
    return lengths.get(Math.min(lengths.size() - 1, lengths.size() * percent / 100));
  }

  private long share(String prefix) {
    return Math.round(100.0 * sum(hidden, prefix) / Math.max(1, sum(topLevel, prefix)));
  }

  private static int sum(Map<String, Integer> counts, String prefix) {
    return counts.entrySet().stream()
        .filter(each -> each.getKey().startsWith(prefix))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static List<Map.Entry<String, Set<String>>> several(Map<String, Set<String>> all) {
    return all.entrySet().stream().filter(each -> each.getValue().size() > 1).toList();
  }

  private void print(int cycles, int withRoots) {
    int all = types.values().stream().mapToInt(Set::size).sum();
    int most = types.values().stream().mapToInt(Set::size).max().orElse(0);
    System.out.printf(
        Locale.ROOT,
        "proof: house files=%d files_median=%d files_p90=%d files_max=%d methods=%d methods_p90=%d"
            + " package_private_server=%d%% package_private_all=%d%% package_cycles=%d"
            + " package_cycles_with_roots=%d types=%d"
            + " types_per_simple_name=%.3f types_per_simple_name_max=%d"
            + " simple_names_of_several_types=%d tables=%d tables_with_two_writers=%d"
            + " constructors_over_5_parameters=%d%n",
        fileLines.size(),
        percentile(fileLines, 50),
        percentile(fileLines, 90),
        percentile(fileLines, 100),
        methodLines.size(),
        percentile(methodLines, 90),
        share("billing-server"),
        share(""),
        cycles,
        withRoots,
        all,
        1.0 * all / types.size(),
        most,
        several(types).size(),
        tables.size(),
        several(writers).size(),
        longConstructors.size());
  }

  private void list() {
    several(types).forEach(each -> System.out.println("several types: " + each));
    several(writers).forEach(each -> System.out.println("several writers: " + each));
    longConstructors.forEach((type, all) -> System.out.println("constructor: " + type + " " + all));
    topLevel
        .keySet()
        .forEach(each -> System.out.println("package-private: " + each + " " + share(each) + "%"));
    longest.entrySet().stream()
        .filter(each -> each.getValue() > 400)
        .forEach(each -> System.out.println("long file: " + each));
  }
}
