package io.billingsdk.forecast;

import java.util.*;
import org.junit.jupiter.api.Test;

final class AnomalyQualityTest {
  @Test
  void x() {
    int n = 400;
    int[] total = new int[3], hit = new int[3], far = new int[3], farHit = new int[3], kinds=new int[3];
    int falseDays = 0, scored = 0, inc=0;
    Map<String,Integer> by = new TreeMap<>();
    int[] delay = new int[5];
    long t0=System.nanoTime();
    for (int s = 0; s < n; s++) {
      Generated g = Generated.withEvents(s);
      Tracker tr = new Tracker(Real.of(g.series().closed()), Seasons.of(g.series()), Bounds.of(BucketSize.DAY)).run(1);
      int last=-100;
      for (Planted e : g.events()) {
        int k = e.kind().ordinal(); total[k]++;
        int first = tr.flags().stream().filter(f -> f.index() >= e.index() && f.index() <= e.index() + 3 && f.up() == (e.factor() > 1)).mapToInt(Flag::index).min().orElse(-1);
        if (first >= 0) { hit[k]++; delay[first - e.index()]++; 
          boolean shift = tr.flags().stream().anyMatch(f -> f.kind()==AnomalyKind.SHIFT && f.index() >= e.index() && f.index() <= e.index() + 5 && f.up() == (e.factor() > 1));
          if (shift == (k==2)) kinds[k]++; }
        if (e.index()-last>35) {far[k]++; if (first>=0) farHit[k]++;}
        last=e.index();
      }
      for (int i = 28; i < 182; i++) {
        int d = i;
        if (g.events().stream().anyMatch(e -> d >= e.index() && d < Math.max(e.index() + 35, Math.min(182,e.length()>2?0:e.index()+e.length()+35)))) continue;
        scored++;
        Optional<Flag> f = tr.flags().stream().filter(x -> x.index() == d).findFirst();
        if (f.isPresent()) { falseDays++; if (tr.flags().stream().noneMatch(x -> x.index() == d-1)) inc++; by.merge(f.get().kind().toString(),1,Integer::sum); }
      }
    }
    System.out.println("ms "+(System.nanoTime()-t0)/1000000);
    for (int k = 0; k < 3; k++) System.out.printf("%s %d %.3f far %.3f kind %.3f%n", Planted.Kind.values()[k], total[k], hit[k]/(double)total[k], farHit[k]/(double)far[k], kinds[k]/(double)hit[k]);
    System.out.println("false/yr " + falseDays * 365.0 / scored + " inc "+inc*365.0/scored+" " + by + " delay " + Arrays.toString(delay));
    for (double rate : new double[] {0.05, -0.05}) {
    int caught = 0, before=0, days=0; int[] weeks = new int[8];
    for (int s = 0; s < n; s++) {
      Generated g = Generated.withDrift(s, 150, rate);
      Tracker tr = new Tracker(Real.of(g.series().closed()), Seasons.of(g.series()), Bounds.of(BucketSize.DAY)).run(1);
      int first = tr.flags().stream().filter(f -> f.index() >= 150 && f.index()<178 && f.up()==rate>0 && (f.kind() == AnomalyKind.DRIFT||f.kind()==AnomalyKind.SHIFT)).mapToInt(Flag::index).min().orElse(-1);
      if (first>=0) caught++;
      days+=122; before+=(int)tr.flags().stream().filter(f->f.index()<150).count();
    }
    System.out.printf("drift %.2f caught %.3f false before/yr %.3f%n", rate, caught / (double) n, before*365.0/days);
    }
  }
}
