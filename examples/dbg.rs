fn main() {
    let mut s = rolec::source::Sources::new();
    for path in std::env::args().skip(1) { s.add(path.clone(), std::fs::read(&path).unwrap()); }
    let t = std::time::Instant::now();
    let c = rolec::pipeline::compile(s);
    eprintln!("{:?}", t.elapsed());
    for f in &c.findings { let (l,col) = c.sources.line_column(f.primary.place); println!("{}:{l}:{col}: {} {} {} [{}] {:?}", c.sources.file(f.primary.place.file).unwrap().name(), f.severity(), f.code, f.message, f.primary.text, f.help);
      for x in &f.secondary { let (l,c2) = c.sources.line_column(x.place); println!("     {}:{l}:{c2}: {}", c.sources.file(x.place.file).unwrap().name(), x.text); } }
    println!("{}", c.model.is_some());
}
