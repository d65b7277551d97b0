/** An oracle in exact fractions, which uses nothing of the module. */
@NullMarked
package io.billingsdk.costs.oracle;

import org.jspecify.annotations.NullMarked;
