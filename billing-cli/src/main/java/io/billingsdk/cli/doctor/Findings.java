package io.billingsdk.cli.doctor;

import io.billingsdk.cli.doctor.Finding.Result;
import java.util.ArrayList;
import java.util.List;

/** Collects what checks find, in their order. For one thread. */
final class Findings {
  private final List<Finding> all = new ArrayList<>();

  void ok(String check, String found) {
    all.add(new Finding(check, Result.OK, found, null));
  }

  void warn(String check, String found, String fix) {
    all.add(new Finding(check, Result.WARN, found, fix));
  }

  void fail(String check, String found, String fix) {
    all.add(new Finding(check, Result.FAIL, found, fix));
  }

  void skipped(String check, String why) {
    all.add(new Finding(check, Result.SKIPPED, why, null));
  }

  List<Finding> all() {
    return List.copyOf(all);
  }

  long count(Result result) {
    return all.stream().filter(each -> each.result() == result).count();
  }
}
