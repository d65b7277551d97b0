/** Which certificates a command trusts. */
@NullMarked
package io.billingsdk.cli.trust;

import org.jspecify.annotations.NullMarked;
