package pdf

import (
	"context"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/emscripten"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

const (
	pageSize = 64 << 10 // of WebAssembly memory
	maxPages = 4096     // of it: 256 MB
	noSystem = 52       // emscripten's ENOSYS
)

// Engine is PDFium in its sandbox, good for one document.
type Engine struct {
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	mod     api.Module
}

// Start makes an instance. The compiled program is kept in the folder cache, so
// that only the first one takes seconds; "" keeps it nowhere. Errors: ErrNotBuilt.
func Start(ctx context.Context, cache string) (*Engine, error) {
	raw, err := program()
	if err != nil {
		return nil, err
	}
	e := &Engine{}
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(maxPages).WithCloseOnContextDone(true)
	if cache != "" {
		if e.cache, err = wazero.NewCompilationCacheWithDir(cache); err != nil {
			return nil, fmt.Errorf("pdf: cache: %w", err)
		}
		config = config.WithCompilationCache(e.cache)
	}
	e.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	if err := e.load(ctx, raw); err != nil {
		e.Close(ctx)
		return nil, err
	}
	return e, nil
}

func (e *Engine) load(ctx context.Context, raw []byte) error {
	compiled, err := e.runtime.CompileModule(ctx, raw)
	if err != nil {
		return fmt.Errorf("pdf: compile: %w", err)
	}
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, e.runtime); err != nil {
		return err
	}
	env := e.runtime.NewHostModuleBuilder("env")
	jumps, err := emscripten.NewFunctionExporterForModule(compiled)
	if err != nil {
		return err
	}
	stubs(env, compiled)
	jumps.ExportFunctions(env)
	if _, err := env.Instantiate(ctx); err != nil {
		return err
	}
	// No file system, no arguments, no environment, no clock: the configuration is bare.
	e.mod, err = e.runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithName("pdfium").WithStartFunctions("_initialize"))
	if err != nil {
		return fmt.Errorf("pdf: start: %w", err)
	}
	_, err = e.call(ctx, "FPDF_InitLibrary")
	return err
}

// stubs answers what PDFium asks of a system. There is none: but for growing its
// memory and ending itself, every call fails as on a system that lacks it.
func stubs(env wazero.HostModuleBuilder, m wazero.CompiledModule) {
	for _, fn := range m.ImportedFunctions() {
		module, name, _ := fn.Import()
		if module != "env" {
			continue
		}
		var do api.GoModuleFunc
		switch name {
		case "emscripten_resize_heap":
			do = grow
		case "_abort_js":
			do = func(ctx context.Context, m api.Module, _ []uint64) { _ = m.CloseWithExitCode(ctx, 1) }
		default:
			results := fn.ResultTypes()
			do = func(_ context.Context, _ api.Module, stack []uint64) {
				if len(results) == 1 && results[0] == api.ValueTypeI32 {
					stack[0] = api.EncodeI32(-noSystem)
				} else if len(results) == 1 {
					stack[0] = 0
				}
			}
		}
		env.NewFunctionBuilder().WithGoModuleFunction(do, fn.ParamTypes(), fn.ResultTypes()).Export(name)
	}
}

// grow gives PDFium more memory up to the limit, beyond which it has to do
// without.
func grow(_ context.Context, m api.Module, stack []uint64) {
	want := api.DecodeU32(stack[0])
	have := m.Memory().Size()
	stack[0] = 0
	if want <= have {
		stack[0] = 1
		return
	}
	if _, ok := m.Memory().Grow((want - have + pageSize - 1) / pageSize); ok {
		stack[0] = 1
	}
}

// Close ends the instance with all it holds.
func (e *Engine) Close(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	if e.runtime != nil {
		_ = e.runtime.Close(ctx) // memory of this process, which ends after one file
	}
	if e.cache != nil {
		_ = e.cache.Close(ctx) // what it wrote stands on disk already
	}
}

// call calls one of PDFium's functions and gives its result, 0 for none.
func (e *Engine) call(ctx context.Context, name string, args ...uint64) (uint64, error) {
	fn := e.mod.ExportedFunction(name)
	if fn == nil {
		return 0, fmt.Errorf("pdf: PDFium has no %s", name)
	}
	out, err := fn.Call(ctx, args...)
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if err != nil {
		return 0, errors.Join(ErrBroken, err)
	}
	if len(out) == 0 {
		return 0, nil
	}
	return out[0], nil
}
