package io.billingsdk.forecast;

import java.util.*;
import org.junit.jupiter.api.Test;

final class ForecastQualityTest {
  @Test
  void x() {
   for (int variant=0; variant<2; variant++) {
    int n = 400;
    int H = 28;
    double[] mae = new double[H], naive = new double[H], mase = new double[H], cov = new double[H], cnt = new double[H];
    double sumErr = 0, sumCov = 0, sumCnt = 0; List<Double> ape = new ArrayList<>();
    Map<ForecastMethod,Integer> m = new TreeMap<>();
    long t0=System.nanoTime(); long spent=0;
    int[] lens={3,7,10,14,19,25}; double[][] tot=new double[H+1][2];
    for (int s = 0; s < n; s++) {
      Generated g = variant==0?Generated.withEvents(s):Generated.withoutEvents(s);
      double[] v = Real.of(g.series().closed());
      for (int o : new int[] {60, 90, 120, 150}) {
        UsageSeries part = UsageSeries.days(Generated.FIRST, g.series().closed().subList(0, o));
        long a=System.nanoTime();
        Outlook k = Outlook.of(part, H);
        spent+=System.nanoTime()-a;
        m.merge(k.rehearsal().method(),1,Integer::sum);
        double scale = 0; for (int i = 7; i < o; i++) scale += Math.abs(v[i]-v[i-7]); scale /= o-7;
        for (int h = 0; h < H; h++) {
          double e = Math.abs(v[o+h]-k.path()[h]);
          mase[h]+=e/scale; naive[h]+=Math.abs(v[o+h]-v[o-7+h%7])/scale; cnt[h]++;
          if (e <= k.spread()[h]*k.path()[h]) cov[h]++;
        }
        for (int len : lens) {
          Outlook q = Outlook.of(part, len);
          double A=0,F=0; for (int h=0;h<len;h++){A+=v[o+h];F+=q.path()[h];}
          tot[len][1]++; if (Math.abs(A-F)<=q.sumSpread()*F) tot[len][0]++;
          if (len==14) ape.add(Math.abs(A-F)/A);
        }
      }
    }
    for (int h : new int[]{0,1,2,3,6,9,13,20,27}) System.out.printf("v%d h %d mase %.3f naive %.3f cov %.3f%n", variant, h+1, mase[h]/cnt[h], naive[h]/cnt[h], cov[h]/cnt[h]);
    for (int len : lens) System.out.printf("m %d cov %.3f%n", len, tot[len][0]/tot[len][1]);
    Collections.sort(ape); System.out.printf("m ape14 median %.4f mean %.4f%n", ape.get(ape.size()/2), ape.stream().mapToDouble(x->x).average().orElse(0));
    System.out.println("ms each " + spent/1e6/n/4 + m);
   }
  }
}
