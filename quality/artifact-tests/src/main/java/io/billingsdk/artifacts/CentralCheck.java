package io.billingsdk.artifacts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code CentralCheck CHECKOUT STAGING VERSION [signed]}: prints what is wrong, and a proof. */
final class CentralCheck {
  private CentralCheck() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 3) {
      System.err.println("CentralCheck: give CHECKOUT STAGING VERSION [signed]");
      System.exit(2);
    }
    boolean signed = args.length > 3 && args[3].equals("signed");
    Set<String> published = Published.modules(Path.of(args[0])).keySet();
    CentralRules rules = new CentralRules(Path.of(args[1]), args[2], signed);
    List<String> problems = rules.problems(published);
    problems.forEach(System.err::println);
    int files = 0;
    int jars = 0;
    for (String name : published) {
      if (rules.module(name).has(".pom")) {
        Set<String> uploads = rules.module(name).uploads();
        files += uploads.size();
        jars += (int) uploads.stream().filter(each -> each.endsWith(".jar")).count();
      }
    }
    System.out.printf(
        "proof: central modules=%d version=%s files=%d jars=%d signed=%s problems=%d%n",
        published.size(), args[2], files, jars, signed, problems.size());
    System.exit(problems.isEmpty() ? 0 : 1);
  }
}
